"""States over time: every signal as a heatmap, as curves, and on the text."""

from __future__ import annotations

from functools import partial

import streamlit as st

from explorer.captions import saturation_caption, spoken
from explorer.charts.saturation import saturation_bars, saturation_html
from explorer.exports import offer_exports
from explorer.language import Texts
from explorer.pictures import states_stage
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import (
    heading,
    lesson,
    payload_of,
    recording_of,
    unknown_steps,
    warn_of_unknown,
)
from explorer.sidebar import choose


def show(texts: Texts) -> None:
    """Draw the page."""
    choice = choose(texts)
    trace = recording_of(choice)
    unknown = unknown_steps(trace)
    warn_of_unknown(trace, unknown, texts)
    heading("states", texts)
    group = group_of(trace)
    start = opening_cursor("states", group)
    draw = partial(states_stage, trace, texts, start, unknown=unknown)
    payload = payload_of("states", choice, texts, start, draw)
    show_stage(payload, group=group, key="stage-states")
    offer_exports(trace, payload, choice, texts, "states")
    st.markdown(f"## {texts('states.saturation')}")
    st.write(spoken(saturation_caption(trace, texts)))
    if bars := saturation_bars(trace, texts):
        st.html(saturation_html(bars, texts))
    lesson("states", texts)
