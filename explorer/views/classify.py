"""Many to one: a sequence in, one verdict once all of it has been read."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import classify_digit, classify_sentence
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {"sentence": classify_sentence.show, "digit": classify_digit.show}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("verdict_part", "sentence", PARTS)
    heading("classify", texts)
    st.segmented_control(
        texts("classify.part"),
        list(PARTS),
        format_func=lambda part: texts(f"classify.part_{part}"),
        key="verdict_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["verdict_part"]
    publish(verdict_part=None if part == "sentence" else part)
    PARTS[part](texts)
    lesson("classify", texts)
