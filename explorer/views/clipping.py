"""Clipping: a task that explodes, with and without a threshold, and what clipping cannot do."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab.clipping import show_numbers, show_trained, show_vanishing
from explorer.lab.clipping_runs import choose_settings
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {"train": show_trained, "numbers": show_numbers, "vanish": show_vanishing}


def show(texts: Texts) -> None:
    """Draw the page."""
    settings = choose_settings(texts, chosen("clip_part", "train", PARTS))
    heading("clipping", texts)
    st.segmented_control(
        texts("bptt.part"),
        list(PARTS),
        format_func=lambda part: texts(f"clipping.part_{part}"),
        key="clip_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["clip_part"]
    publish(clip_part=part if part != "train" else None)
    PARTS[part](settings, texts)
    lesson("clipping", texts)
