"""Writing: a language model feeds its own output back, and every choice can be seen."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import generate_beam, generate_compare, generate_write
from explorer.gallery.generate_settings import choose_writing
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {
    "write": generate_write.show,
    "beam": generate_beam.show,
    "compare": generate_compare.show,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    part = chosen("g_part", "write", PARTS)
    heading("generate", texts)
    st.segmented_control(
        texts("generate.part"),
        list(PARTS),
        format_func=lambda name: texts(f"generate.part_{name}"),
        key="g_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["g_part"]
    publish(g_part=None if part == "write" else part)
    wish = choose_writing(part, texts)
    PARTS[part](wish, texts)
    lesson("generate", texts)
