"""The part *Look inside*: one's own text, a checkpoint, and the pages that open them."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.workshop.links import choose_text, open_links, select_run
from explorer.workshop.opened import applied_at, opened
from explorer.workshop.shelf import PREFIX, run_cards
from explorer.workshop.store import find_run
from explorer.workshop.summary import own_summaries, ready_summaries


def show_inside(texts: Texts) -> None:
    """Choose a run, a checkpoint and a text; see the answer, and go and look inside."""
    runs = [one for one in (*own_summaries(), *ready_summaries()) if one.recurrent]
    if not runs:
        st.info(texts("workshop.nothing_inside"))
        return
    summary = select_run(runs, texts)
    try:
        card = opened(run_cards()[PREFIX + summary.id])
    except ValueError as error:
        st.error(plain(str(error)))
        return
    stops = [str(updates) for updates in card.updates]
    chosen("ws_updates", stops[-1], stops)
    st.select_slider(
        texts("workshop.checkpoint"),
        stops,
        key="ws_updates",
        format_func=lambda stop: _stop(summary.id, int(stop), texts),
        help=texts("workshop.checkpoint_help"),
    ) if len(stops) > 1 else None
    at = int(st.session_state["ws_updates"])
    publish(ws_updates=str(at) if str(at) != stops[-1] else None)
    text = choose_text(card, texts)
    _answer(card.id, at, text, texts)
    st.markdown(f"##### {texts('workshop.open')}")
    open_links(summary.id, text, at, texts)
    st.caption(texts("workshop.travel"))


def _stop(run_id: str, updates: int, texts: Texts) -> str:
    run = find_run(run_id)
    losses = {} if run is None else {line["step"]: line["loss"] for line in run.metrics()}
    if updates in losses:
        return texts("workshop.stop_loss", updates=f"{updates:,}", loss=f"{losses[updates]:.3f}")
    return texts("workshop.stop_plain", updates=f"{updates:,}")


def _answer(card_id: str, updates: int, text: str, texts: Texts) -> None:
    """What the network says at this checkpoint."""
    import torch

    torch.set_num_threads(1)
    try:
        answer = applied_at(card_id, updates).answer(text)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    if isinstance(answer, str | int | float):
        st.markdown(texts("workshop.answer", answer=plain(str(answer))))
