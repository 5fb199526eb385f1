"""The page of time series: sunspots at once, one's own column after some seconds of learning."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.tasks.series import Series
from explorer.captions import spoken
from explorer.charts.gallery_forecast import Lines, forecast_figure, spread_figure
from explorer.gallery.forecast_errors import (
    LEAST,
    MOST_RUNS,
    NETWORK,
    Free,
    OneStep,
    Spread,
    free_errors,
    free_starts,
    spread_of,
    spread_verdict,
    verdict,
)
from explorer.gallery.forecast_own import key_of, learn
from explorer.jobs import Progress, jobs
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.pages import open_page, shown

HOSTILE = "<img src=x onerror=alert(1)>**x**"


def sawtooth(title: str = "sold") -> bytes:
    rows = [f"day {at},{(at % 7) * 2.5 + 10}" for at in range(80)]
    return "\n".join([f"when,{title}", *rows]).encode()


def give(app: AppTest, data: bytes) -> AppTest:
    app.file_uploader(key="fc_file").set_value(("own.csv", data, "text/csv"))
    return app.run()


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_sunspots_are_forecast_at_once(language: str) -> None:
    texts = texts_of(language)
    app = open_page("forecast", lang=language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.forecast')}"
    assert texts.lesson("forecast").strip() in [one.value for one in app.markdown]
    rules = table(app)[texts("forecast.col_rule")].tolist()
    for rule in ("last", "mean", "seasonal", "linear"):
        assert texts(f"baseline.{rule}") in rules
    errors = table(app)[texts("forecast.col_ahead")].astype(float).tolist()
    assert errors == sorted(errors)
    (slider,) = app.select_slider
    slider.set_value("1980").run()
    assert problems(app) == []
    assert "1980" in app.query_params["fc_start"]


def test_a_link_opens_at_its_start_and_with_its_network() -> None:
    app = open_page("forecast", fc_start="1970", fc_model="sunspots-elman")
    assert app.select_slider[0].value == "1970"
    assert app.selectbox(key="fc_model").value == "sunspots-elman"
    unknown = open_page("forecast", fc_start="2500", fc_model="nothing")
    assert problems(unknown) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_is_learned_and_forecast(language: str) -> None:
    texts = texts_of(language)
    app = open_page("forecast", lang=language, fc_source="own")
    assert texts("forecast.own_lead") in shown(app)
    give(app, sawtooth())
    assert problems(app) == []
    assert any("7" in words and "80" in words for words in shown(app))
    (train,) = [button for button in app.button if button.label == texts("forecast.train")]
    train.click().run()
    (key,) = [key for key in list(jobs()._jobs) if str(key).startswith("forecast-")]
    jobs().find(key).wait(120)
    app.run()
    assert problems(app) == []
    rules = table(app)[texts("forecast.col_rule")].tolist()
    assert texts("baseline.seasonal") in rules
    jobs()._jobs.pop(key)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"a,b\n1,2\n3\n", "Row 3"),
        (b"a\n" + b"x\n" * 50, "half"),
        (b"a\n" + b"1\n" * 50, "does not change"),
        (b"a\n1\n2\n3\n", "at least 40"),
        (b"\x00\x01\x02" * 30, "not text"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(data: bytes, word: str) -> None:
    app = give(open_page("forecast", fc_source="own"), data)
    assert problems(app) == []
    (error,) = app.error
    assert word in error.value.replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_below_the_table_and_its_encoding_are_told(language: str) -> None:
    texts = texts_of(language)
    rows = "".join(f"{at}月,{at % 12}\n" for at in range(80))
    data = f"月份,人数\n{rows}\n每月国际航班旅客（千人）\n".encode("gb18030")
    app = give(open_page("forecast", lang=language, fc_source="own"), data)
    assert problems(app) == []
    said = [caption.value for caption in app.caption]
    assert texts("forecast.footer", text="每月国际航班旅客（千人）") in said
    assert texts("own_text.read_as", encoding="GB18030") in said


def test_hostile_names_are_shown_as_text() -> None:
    app = give(open_page("forecast", fc_source="own"), sawtooth(HOSTILE.replace(",", "")))
    assert problems(app) == []
    told = " ".join(element.value for element in app.markdown)
    assert "<img" not in told.replace("\\<img", "")


def test_learning_can_be_stopped_at_once() -> None:
    series = Series("saw", tuple(map(str, range(200))), np.arange(200) % 9.0)
    job = jobs().start(("test", key_of(series, "lstm")), lambda p: learn(series, "lstm", p))
    started = time.monotonic()
    while job.progress.note is None and time.monotonic() - started < 30:
        time.sleep(0.02)
    job.cancel()
    assert job.cancelled
    assert job.result is None


@pytest.mark.slow
def test_learning_beats_the_naive_rules_on_a_wave() -> None:
    values = np.sin(np.arange(150) / 3.0) * 10 + 20
    learned = learn(Series("wave", tuple(map(str, range(150))), values), "gru", Progress())
    score = learned.application.measure(learned.model, "test").score
    assert score < learned.application.baseline.score


def test_the_sentence_says_who_wins() -> None:
    texts = texts_of("en")
    free = Free(0, {}, {NETWORK: 3.0, "last": 2.0, "linear": 4.0})
    won = OneStep({NETWORK: 1.0, "last": 5.0, "linear": 2.0}, {})
    said = spoken(verdict(won, free, texts))
    assert "network errs least (1)" in said
    assert f"“{texts('baseline.last')}” is better: 2" in said


def test_labels_of_the_chart_are_text() -> None:
    values = np.arange(60.0)
    lines = Lines(
        tuple(f"<b>{at}</b>" for at in range(60)), values, 50, values[50:], values[50:],
        values[50:], 48,
    )  # fmt: skip
    figure = forecast_figure(lines, "<i>net</i>", texts_of("en"))
    assert all("<b>" not in label for label in figure.layout.xaxis.ticktext)
    assert all("<i>" not in trace.name for trace in figure.data)


def test_free_runs_are_judged_from_every_start_not_from_one() -> None:
    applied = load_applied("sunspots-lstm")
    application = applied.application
    series = application.series
    spread = spread_of(application, applied.model)
    assert spread.starts == tuple(range(series.test_start, len(series) - LEAST + 1))
    for at in (0, 17, len(spread.starts) - 1):  # each is what the slider shows there
        start = spread.starts[at]
        end = min(start + 50, len(series))
        free = application.free(applied.model, start, end - start)
        error = np.sqrt(np.mean((free - series.values[start:end]) ** 2))
        assert spread.errors[NETWORK][at] == pytest.approx(error)
        assert free_errors(application, applied.model, start).rmse["linear"] == pytest.approx(
            spread.errors["linear"][at]
        )
    lost = spread.errors[NETWORK] >= spread.errors["linear"]
    assert 0 < lost.sum() < len(lost), "no single start can stand for all"
    for language in LANGUAGES:
        said = spread_verdict(spread, texts_of(language))
        assert f"{len(lost) - lost.sum()}" in said
        assert f"{np.median(spread.errors[NETWORK]):.3g}" in said


def test_the_rival_is_the_rule_that_is_hardest_to_beat() -> None:
    errors = {NETWORK: [1.0, 2.0, 3.0], "last": [2.0, 3.0, 1.0], "mean": [0.5, 3.0, 1.0]}
    spread = Spread((1, 2, 3), 20, {rule: np.array(values) for rule, values in errors.items()})
    texts = texts_of("en")
    said = spread_verdict(spread, texts)
    assert texts("baseline.mean") in said
    assert "1 times; the medians are 2 and 1" in said
    figure = spread_figure(
        spread.errors, dict.fromkeys(errors, "<b>x</b>"), ["a", "b", "c"], "b", texts
    )
    assert all("<b>" not in label for label in figure.layout.yaxis.ticktext)
    assert {tuple(one.x) for one in figure.data} == set(map(tuple, errors.values()))
    assert list(figure.data[0].marker.size) == [7, 13, 7]


@pytest.mark.parametrize("length", [40, 60, 500, 20_000])
def test_there_is_a_start_in_every_series_and_never_too_many(length: int) -> None:
    series = Series("wave", tuple(map(str, range(length))), np.sin(np.arange(length)))
    starts = free_starts(series)
    assert 1 <= len(starts) <= MOST_RUNS
    assert starts[0] == series.test_start
    assert starts[-1] <= length - 2
