"""Backpropagation through time: the gradient of one loss for U, itemised and opened."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab.bptt import PARTS, choose_reading, show_part, warn_of_unknown
from explorer.language import Texts
from explorer.scaffold import heading, lesson


def show(texts: Texts) -> None:
    """Draw the page."""
    reading = choose_reading(texts)
    chosen("bptt_part", PARTS[0], PARTS)
    heading("bptt", texts)
    st.segmented_control(
        texts("bptt.part"),
        list(PARTS),
        format_func=lambda part: texts(f"bptt.part_{part}"),
        key="bptt_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["bptt_part"]
    publish(bptt_part=part if part != PARTS[0] else None)
    warn_of_unknown(reading, texts)
    show_part(part, reading, texts)
    lesson("bptt", texts)
