"""The training workshop: runs are set up, watched, compared and looked into."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.scaffold import heading, lesson
from explorer.workshop.compare import show_compare
from explorer.workshop.inside import show_inside
from explorer.workshop.live import show_curves
from explorer.workshop.new_run import show_new
from explorer.workshop.queue import show_runs
from explorer.workshop.ready import show_ready

PARTS = {
    "new": show_new,
    "runs": show_runs,
    "curves": show_curves,
    "inside": show_inside,
    "compare": show_compare,
    "ready": show_ready,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    if "next_part" in st.session_state:  # a widget cannot be set once it is shown
        st.session_state["ws_part"] = st.session_state.pop("next_part")
    chosen("ws_part", "new", PARTS)
    heading("workshop", texts)
    st.segmented_control(
        texts("workshop.part"),
        list(PARTS),
        format_func=lambda part: texts(f"workshop.part_{part}"),
        key="ws_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["ws_part"]
    publish(ws_part=part if part != "new" else None)
    PARTS[part](texts)
    lesson("workshop", texts)
