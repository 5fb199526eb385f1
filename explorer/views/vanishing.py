"""Vanishing and exploding: what a product of Jacobians does, and how far eigenvalues decide."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab.vanishing_parts import (
    show_activation,
    show_radius,
    show_ripple,
    show_scale,
)
from explorer.lab.vanishing_watch import show_training
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {
    "radius": show_radius,
    "activation": show_activation,
    "ripple": show_ripple,
    "scale": show_scale,
    "training": show_training,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("v_part", "radius", PARTS)
    heading("vanishing", texts)
    st.segmented_control(
        texts("vanishing.part"),
        list(PARTS),
        format_func=lambda part: texts(f"vanishing.part_{part}"),
        key="v_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["v_part"]
    publish(v_part=part if part != "radius" else None)
    PARTS[part](texts)
    lesson("vanishing", texts)
