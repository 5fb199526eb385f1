"""States over time: every signal as a heatmap, as curves, and on the text."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import Trace
from explorer.captions import saturation_caption, spoken
from explorer.charts.saturation import saturation_bars, saturation_html
from explorer.exports import offer_exports
from explorer.language import Texts
from explorer.pictures import states_stage
from explorer.players.spec import group_of
from explorer.players.stage import follow_stage, opening_cursor
from explorer.scaffold import (
    heading,
    lesson,
    recording_of,
    unknown_steps,
    warn_of_unknown,
)
from explorer.sidebar import Choice, choose
from explorer.workshop.travel import stage_of, trace_at


def show(texts: Texts) -> None:
    """Draw the page."""
    choice = choose(texts)
    trace = recording_of(choice)
    unknown = unknown_steps(trace)
    warn_of_unknown(trace, unknown, texts)
    heading("states", texts)
    group = group_of(trace)
    start = opening_cursor("states", group)
    draw = partial(states_stage, texts=texts, cursor=start, unknown=unknown)
    payload = stage_of("states", choice, trace, texts, start, draw)
    st.fragment(_stage_and_gates)(payload, group, choice, trace, texts)
    offer_exports(trace, payload, choice, texts, "states")
    lesson("states", texts)


def _stage_and_gates(
    payload: bytes, group: str, choice: Choice, trace: Trace, texts: Texts
) -> None:
    """The stage, and how saturated the gates are; of a run, at the checkpoint of the cursor."""
    cursor = follow_stage(payload, group=group, key="stage-states")
    shown = trace_at(choice, trace, cursor)
    st.markdown(f"## {texts('states.saturation')}")
    st.write(spoken(saturation_caption(shown, texts)))
    if bars := saturation_bars(shown, texts):
        st.html(saturation_html(bars, texts))
