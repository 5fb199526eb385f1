"""From one part of the workshop to another, and to the recording pages."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.models import MAX_STEPS, Card
from explorer.workshop.summary import Summary

PARTS = ("new", "runs", "curves", "inside", "compare", "ready")
RECORDING_PAGES = ("cell", "unrolled", "states", "gradients")
RUN_KEY = "ws_run"


def choose_run(run_id: str, part: str) -> None:
    """Go to another part with this run; reruns the page."""
    st.session_state["next_part"] = part
    st.session_state[RUN_KEY] = st.session_state["choices"][RUN_KEY] = run_id
    st.rerun()


def select_run(summaries: list[Summary], texts: Texts) -> Summary:
    """A select box over runs, of which there is one at least; the choice is in the address."""
    known = {summary.id: summary for summary in summaries}
    chosen(RUN_KEY, next(iter(known)), known)
    st.selectbox(
        texts("workshop.run"),
        list(known),
        format_func=lambda run_id: title_of(known[run_id], texts),
        key=RUN_KEY,
    )
    publish(**{RUN_KEY: st.session_state[RUN_KEY]})
    return known[st.session_state[RUN_KEY]]


def title_of(summary: Summary, texts: Texts) -> str:
    """What a run is called; the ready-made ones have names in both languages."""
    return texts.section("ready_run").get(f"{summary.id}_title", summary.title)


def choose_text(card: Card, texts: Texts) -> str:
    """The reader's own input, of the form that the run's task reads; else its first example."""
    example = card.examples[0]
    if st.session_state.get("ws_text_for") not in (None, card.application):
        st.session_state["ws_text"] = example
    st.session_state["ws_text_for"] = card.application
    chosen("ws_text", example, most=MAX_STEPS)
    text = st.text_input(
        texts("workshop.own_text"),
        key="ws_text",
        max_chars=MAX_STEPS,
        help=texts.section("input").get(card.application),
    )
    publish(ws_text=text if text not in ("", example) else None)
    return text or example


def open_links(run_id: str, text: str, updates: int, texts: Texts) -> None:
    """Links that open a run at a checkpoint, with a text, on each of the recording pages."""
    menu = st.session_state.get("menu", {}).get("inside", {})
    query = {
        "go": "1",
        "model": f"run:{run_id}",
        "text": text,
        "updates": str(updates),
        "lang": texts.language,
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        for page in RECORDING_PAGES:
            if page in menu:
                st.page_link(menu[page], label=texts(f"nav.{page}"), query_params=query)
