"""One series and one network: where the forecast begins, the picture, the errors."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.address import chosen, publish
from explorer.captions import spoken
from explorer.charts.gallery_forecast import Lines, forecast_figure, spread_figure
from explorer.gallery.forecast_errors import (
    HORIZON,
    NETWORK,
    Free,
    OneStep,
    Spread,
    error_text,
    free_errors,
    one_step_errors,
    rule_name,
    spread_of,
    spread_verdict,
    verdict,
)
from explorer.language import Texts
from explorer.shared import shared
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.applications.series import SeriesForecast

MOST_STARTS = 400  # more would make the slider slow
_RUNNING = threading.Lock()


@st.fragment
def show_forecast(
    key: str, application: SeriesForecast, model: Any, label: str, texts: Texts
) -> None:
    """The slider, the picture and the table; the slider reruns nothing but this.

    key: of the network and its series, for what is kept.
    """
    series = application.series
    starts = _starts(len(series), series.train_end)
    names = [series.times[start] for start in starts]
    first = names[min(len(names) - 1, _nearest(starts, series.test_start + 12))]
    chosen("fc_start", first, names)
    st.select_slider(
        texts("forecast.start"), names, key="fc_start", help=texts("forecast.start_help")
    )
    start = starts[names.index(st.session_state["fc_start"])]
    publish(fc_start=None if names[starts.index(start)] == first else st.session_state["fc_start"])
    ahead, free, one_step = computed(key, start, application, model)
    lines = Lines(
        series.times,
        series.values,
        start,
        one_step,
        free.forecasts[NETWORK],
        free.forecasts["linear"],
        series.test_start,
    )
    st.plotly_chart(
        forecast_figure(lines, label, texts, dark=is_dark()),
        width="stretch",
        config={"displayModeBar": False},
        key="fc-chart",
    )
    st.markdown(spoken(verdict(ahead, free, texts)))
    _table(ahead, free, label, texts)
    _every_start(key, start, application, model, label, texts)


def _every_start(
    key: str, start: int, application: SeriesForecast, model: Any, label: str, texts: Texts
) -> None:
    """One start is an anecdote: the errors from all of them."""
    spread = _spread(key, application, model)
    st.markdown(f"#### {texts('forecast.every_start')}")
    names = {name: label if name == NETWORK else rule_name(name, texts) for name in spread.errors}
    times = [application.series.times[place] for place in spread.starts]
    here = application.series.times[start]
    figure = spread_figure(spread.errors, names, times, here, texts, dark=is_dark())
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="fc-every-start")
    st.markdown(spread_verdict(spread, texts))


@shared
def computed(
    key: str, start: int, _application: SeriesForecast, _model: Any
) -> tuple[OneStep, Free, Any]:
    """Errors over the test part, the free runs from ``start``, and the steps ahead from there."""
    import torch

    torch.set_num_threads(1)
    ahead = _ahead(key, _application, _model)
    with _RUNNING:  # evaluation mode belongs to the model, which all sessions share
        end = min(start + HORIZON, len(_application.series))
        one_step = _application.one_step(_model, start, end)
        return ahead, free_errors(_application, _model, start), one_step


@shared
def _ahead(key: str, _application: SeriesForecast, _model: Any) -> OneStep:
    with _RUNNING:
        return one_step_errors(_application, _model)


@shared
def _spread(key: str, _application: SeriesForecast, _model: Any) -> Spread:
    import torch

    torch.set_num_threads(1)
    with _RUNNING:
        return spread_of(_application, _model)


def _table(ahead: OneStep, free: Free, label: str, texts: Texts) -> None:
    order = sorted(ahead.rmse, key=ahead.rmse.__getitem__)
    names = [label if name == NETWORK else rule_name(name, texts) for name in order]
    st.dataframe(
        {
            texts("forecast.col_rule"): names,
            texts("forecast.col_ahead"): [error_text(ahead.rmse[name]) for name in order],
            texts("forecast.col_scaled"): [f"{ahead.scaled[name]:.2f}" for name in order],
            texts("forecast.col_free"): [error_text(free.rmse[name]) for name in order],
        },
        hide_index=True,
        width="stretch",
    )
    st.caption(texts("forecast.table_note", steps=len(free.forecasts[NETWORK])))


def _starts(length: int, train_end: int) -> list[int]:
    """Places at which a forecast may begin: behind the training part, with some steps to go."""
    last = max(train_end + 1, length - 3)
    every = max(1, -(-(last - train_end) // MOST_STARTS))
    return list(range(train_end, last, every))


def _nearest(starts: list[int], wanted: int) -> int:
    return min(range(len(starts)), key=lambda at: abs(starts[at] - wanted))
