"""A series in time: sunspots or the reader's own column, forecast against naive rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import forecast_own
from explorer.gallery.common import choose_model, models_of, open_links, score_line, short_label
from explorer.gallery.forecast_show import show_forecast
from explorer.language import Texts
from explorer.models import load_applied
from explorer.scaffold import heading, lesson

if TYPE_CHECKING:
    from core.applications.series import SeriesForecast

SOURCES = ("sunspots", "own")


def show(texts: Texts) -> None:
    """Draw the page."""
    chosen("fc_source", SOURCES[0], SOURCES)
    heading("forecast", texts)
    st.segmented_control(
        texts("forecast.source"),
        SOURCES,
        format_func=lambda source: texts(f"forecast.source_{source}"),
        key="fc_source",
        required=True,
        label_visibility="collapsed",
    )
    source = st.session_state["fc_source"]
    publish(fc_source=None if source == SOURCES[0] else source)
    if source == "own":
        forecast_own.show(texts)
    else:
        _sunspots(texts)
    lesson("forecast", texts)


def _sunspots(texts: Texts) -> None:
    model = choose_model(models_of("sunspots"), texts, "fc_model", default="sunspots-lstm")
    if model is None:
        return
    applied = load_applied(model.id)
    label = f"{short_label(model, texts)} {model.units}"
    application = cast("SeriesForecast", applied.application)
    show_forecast(model.id, application, applied.model, label, texts)
    score_line(model, texts)
    open_links(model.id, st.session_state.get("fc_start", model.examples[0]), texts)
