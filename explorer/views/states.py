"""States over time: every signal as a heatmap, as curves, and on the text."""

import streamlit as st

from explorer.captions import saturation_caption, spoken
from explorer.charts.saturation import saturation_figure
from explorer.exports import offer_exports
from explorer.language import Texts
from explorer.pictures import states_stage
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import heading, lesson, recording_of, unknown_steps, warn_of_unknown
from explorer.sidebar import choose


def show(texts: Texts) -> None:
    """Draw the page."""
    choice = choose(texts)
    trace = recording_of(choice)
    unknown = unknown_steps(trace)
    warn_of_unknown(trace, unknown, texts)
    heading("states", texts)
    group = group_of(trace)
    payload = states_stage(trace, texts, opening_cursor("states", group), unknown=unknown)
    show_stage(payload, group=group, key="stage-states")
    offer_exports(trace, payload, choice, texts, "states")
    st.markdown(f"## {texts('states.saturation')}")
    st.write(spoken(saturation_caption(trace, texts)))
    figure = saturation_figure(trace, texts)
    if figure is not None:
        st.plotly_chart(figure, key="saturation", config={"displayModeBar": False})
    lesson("states", texts)
