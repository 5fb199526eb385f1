"""Training in practice: batches, first states, starts, dropout and norms, perplexity."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.practice import batches, first_state, norms, perplexity, starts
from explorer.scaffold import heading, lesson

PARTS = {
    "batches": batches.show,
    "state": first_state.show,
    "start": starts.show,
    "norms": norms.show,
    "perplexity": perplexity.show,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    first = next(iter(PARTS))
    chosen("p_part", first, PARTS)
    heading("practice", texts)
    st.segmented_control(
        texts("practice.part"),
        list(PARTS),
        format_func=lambda part: texts(f"practice.part_{part}"),
        key="p_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["p_part"]
    publish(p_part=part if part != first else None)
    PARTS[part](texts)
    lesson("practice", texts)
