"""One to one: a feed-forward network has no memory, and what it takes to give it one."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import memoryless_image, memoryless_memory, memoryless_path
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {
    "memory": memoryless_memory.show,
    "path": memoryless_path.show,
    "image": memoryless_image.show,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("feed_part", "memory", PARTS)
    heading("memoryless", texts)
    st.segmented_control(
        texts("memoryless.part"),
        list(PARTS),
        format_func=lambda part: texts(f"memoryless.part_{part}"),
        key="feed_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["feed_part"]
    publish(feed_part=None if part == "memory" else part)
    PARTS[part](texts)
    lesson("memoryless", texts)
