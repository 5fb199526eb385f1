"""The memory race: who still knows after a delay what was read before it."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab import race_adding, race_grid, race_own
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {"grid": race_grid.show, "adding": race_adding.show, "own": race_own.show}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("race_part", "grid", PARTS)
    heading("race", texts)
    st.segmented_control(
        texts("memory.part"),
        list(PARTS),
        format_func=lambda part: texts(f"memory.part_{part}"),
        key="race_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["race_part"]
    publish(race_part=None if part == "grid" else part)
    PARTS[part](texts)
    lesson("race", texts)
