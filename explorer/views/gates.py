"""Why gates help: what the memory holds, how the gradient returns, and what a gate is good for."""

from __future__ import annotations

import streamlit as st

from core import Trace
from core.gradients.runs import check_one_reading
from explorer.address import chosen, publish
from explorer.lab import gates_hold, gates_lasting, gates_ledger, gates_paths, gates_reset
from explorer.lab.gates_network import gated_sibling, is_gated
from explorer.language import Texts
from explorer.scaffold import heading, lesson, recording_of, unknown_steps, warn_of_unknown
from explorer.sidebar import Choice, card_label, choose, plain

DEFAULT = "grammar-lstm"  # of the shipped networks the one whose memory reaches farthest
PARTS = {
    "ledger": gates_ledger.show,
    "paths": gates_paths.show,
    "hold": gates_hold.show,
    "lasting": gates_lasting.show,
    "reset": gates_reset.show,
}
WITH_LOSS = ("paths", "hold")


def show(texts: Texts) -> None:
    """Draw the page."""
    part = chosen("gates_part", "ledger", PARTS)
    choice = choose(texts, loss=part in WITH_LOSS, default=DEFAULT)
    trace = recording_of(choice)
    warn_of_unknown(trace, unknown_steps(trace), texts)
    heading("gates", texts)
    if is_gated(trace):
        _show_part(choice, trace, texts)
    else:
        _offer_gates(choice, texts)
    lesson("gates", texts)


def _show_part(choice: Choice, trace: Trace, texts: Texts) -> None:
    st.segmented_control(
        texts("gates.part"),
        list(PARTS),
        format_func=lambda part: texts(f"gates.part_{part}"),
        key="gates_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["gates_part"]
    publish(gates_part=None if part == "ledger" else part)
    try:
        check_one_reading(trace)
    except ValueError as error:  # an uploaded recording of several calls, or with padding
        st.info(plain(str(error)))
        return
    PARTS[part](choice, trace, texts)


def _offer_gates(choice: Choice, texts: Texts) -> None:
    """A network without gates: say so, and lead to its sibling that has them."""
    st.info(texts("gates.none"))
    other = gated_sibling(choice.card)
    if other is not None:
        label = texts("gates.take", network=card_label(other, texts))
        st.button(label, on_click=_take, args=(other.id,), icon=":material/door_front:")


def _take(card_id: str) -> None:
    st.session_state["next_model"] = card_id
