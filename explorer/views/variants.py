"""Variants of the gated cells: do they learn as well, what do they cost, why are they so?"""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab import variants_cost, variants_questions, variants_race
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {
    "race": variants_race.show,
    "cost": variants_cost.show,
    "relu": variants_questions.show_relu,
    "tanh": variants_questions.show_tanh,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("variants_part", "race", PARTS)
    heading("variants", texts)
    st.segmented_control(
        texts("memory.part"),
        list(PARTS),
        format_func=lambda part: texts(f"variants.part_{part}"),
        key="variants_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["variants_part"]
    publish(variants_part=None if part == "race" else part)
    PARTS[part](texts)
    lesson("variants", texts)
