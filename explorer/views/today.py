"""Where recurrent networks stand today: attention, and the linear recurrences that came back."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.scaffold import heading, lesson
from explorer.today import cost, path, scan

PARTS = {"path": path.show, "scan": scan.show, "cost": cost.show}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("today_part", "path", PARTS)
    heading("today", texts)
    st.segmented_control(
        texts("today.part"),
        list(PARTS),
        format_func=lambda part: texts(f"today.part_{part}"),
        key="today_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["today_part"]
    publish(today_part=None if part == "path" else part)
    PARTS[part](texts)
    lesson("today", texts)
