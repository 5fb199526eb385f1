"""Many to many in step: a tag for every word."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import tagging_addresses, tagging_file, tagging_tickets
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {
    "tickets": tagging_tickets.show,
    "addresses": tagging_addresses.show,
    "file": tagging_file.show,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("tag_part", "tickets", PARTS)
    heading("tagging", texts)
    st.segmented_control(
        texts("tagging.part"),
        list(PARTS),
        format_func=lambda part: texts(f"tagging.part_{part}"),
        key="tag_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["tag_part"]
    publish(tag_part=None if part == "tickets" else part)
    PARTS[part](texts)
    lesson("tagging", texts)
