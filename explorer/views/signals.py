"""Many to many in step, out of signals: letters out of a sound, tags out of a video."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import signals_morse, signals_video
from explorer.language import Texts
from explorer.scaffold import heading, lesson

PARTS = {"morse": signals_morse.show, "video": signals_video.show}


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("sig_part", "morse", PARTS)
    heading("signals", texts)
    st.segmented_control(
        texts("signals.part"),
        list(PARTS),
        format_func=lambda part: texts(f"signals.part_{part}"),
        key="sig_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["sig_part"]
    publish(sig_part=None if part == "morse" else part)
    PARTS[part](texts)
    lesson("signals", texts)
