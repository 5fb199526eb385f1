"""The reader's own series: a CSV file, a column, and a small network trained at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.address import chosen, publish
from explorer.file_field import file_field
from explorer.gallery.forecast_show import show_forecast
from explorer.jobs import Progress, jobs
from explorer.language import Texts
from explorer.own_text import say_encoding
from explorer.queue_line import queue_line
from explorer.shared import shared
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.applications.series import SeriesForecast
    from core.tasks.series import Series
    from core.tasks.series_csv import Table

CELLS = ("lstm", "gru", "elman")
UNITS, STEPS, BATCH = 16, 300, 16
POLL_SECONDS = 0.5
NO_TIME = ""


@dataclass(frozen=True)
class Learned:
    """A network trained on somebody's series."""

    application: SeriesForecast
    model: Any
    seconds: float


def show(texts: Texts) -> None:
    """Take a file, let a column be chosen, train, and show the forecasts."""
    series = _choose_series(texts)
    if series is None:
        st.info(texts("forecast.own_lead"))
        return
    _describe(series, texts)
    chosen("fc_cell", CELLS[0], CELLS)
    with st.sidebar:
        st.segmented_control(
            texts("forecast.cell"),
            CELLS,
            format_func=lambda kind: texts(f"cell.{kind}"),
            key="fc_cell",
            required=True,
        )
    cell = st.session_state["fc_cell"]
    publish(fc_cell=None if cell == CELLS[0] else cell)
    key = key_of(series, cell)
    job = jobs().find(key)
    if job is None or job.cancelled:
        if st.button(texts("forecast.train"), type="primary", icon=":material/model_training:"):
            jobs().start(key, lambda progress: learn(series, cell, progress))
            st.rerun()
        return
    if job.running:
        _watch(key, texts)
    elif job.error:
        st.error(plain(job.error))
    else:
        learned = job.result
        label = f"{texts(f'cell.{cell}')} {UNITS}"
        st.caption(texts("forecast.trained", seconds=f"{learned.seconds:.0f}", steps=STEPS))
        show_forecast(key, learned.application, learned.model, label, texts)


def key_of(series: Series, cell: str) -> str:
    """The job of this series and cell."""
    words = "\x1f".join([series.title, *series.times]).encode()
    digest = hashlib.sha256(series.values.tobytes() + words).hexdigest()[:20]
    return f"forecast-{digest}-{cell}"


def learn(series: Series, cell: str, progress: Progress) -> Learned:
    """Train a small network on ``series``; on a worker. Takes seconds."""
    import time

    import torch

    from core.applications import new_network
    from core.applications.series import SeriesForecast
    from core.networks.architecture import Architecture
    from core.training.loop import train
    from core.training.settings import TrainingSettings

    torch.set_num_threads(1)
    started = time.perf_counter()
    application = SeriesForecast(series)
    architecture = Architecture(cell=cell, hidden_size=UNITS, embedding_size=0)
    model = new_network(application, architecture, seed=0)
    settings = TrainingSettings(
        steps=STEPS, batch=BATCH, learning_rate=1e-2, weight_decay=0.1, every=10, validate=STEPS
    )
    try:
        for snapshot in train(model, application, settings):
            progress.report(snapshot.step / STEPS, snapshot.loss)
    except FloatingPointError as error:
        raise ValueError(str(error)) from error
    return Learned(application, model.eval(), time.perf_counter() - started)


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, texts: Texts) -> None:
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    loss = job.progress.note
    words = texts("forecast.begins") if loss is None else texts("forecast.loss", loss=f"{loss:.3f}")
    bar.progress(job.progress.share, queue_line(job, words, texts))
    if stop.button(texts("forecast.stop"), key="fc-stop", width="stretch"):
        job.cancel()
        st.rerun(scope="app")


def _choose_series(texts: Texts) -> Series | None:
    """The column of the file as a series; None, with the reason shown, where there is none."""
    from core.tasks.series_csv import series_from

    with st.sidebar:
        file = file_field(
            texts("forecast.file"),
            key="fc_file",
            types=["csv", "tsv", "txt"],
            texts=texts,
            help=texts("forecast.file_help"),
        )
    if file is None:
        return None
    try:
        table = _table(file.getvalue())
        if not table.number_columns:
            raise ValueError(texts("forecast.no_numbers"))
        _say_how_read(table, texts)
        value, time = _choose_columns(table, texts)
        return series_from(table, value, time or None)
    except ValueError as error:
        st.error(plain(f"{texts('forecast.refused')} {error}"))
        return None


@shared
def _table(data: bytes) -> Table:
    from core.tasks.series_csv import read_table

    return read_table(data)


def _choose_columns(table: Table, texts: Texts) -> tuple[str, str]:
    numbers = table.number_columns
    others = [name for name in table.header if name not in numbers]
    with st.sidebar:
        value = st.selectbox(texts("forecast.column"), numbers, index=len(numbers) - 1)
        times = [NO_TIME, *(name for name in table.header if name != value)]
        guess = others[0] if others else (numbers[0] if numbers[0] != value else NO_TIME)
        time = st.selectbox(
            texts("forecast.times"),
            times,
            index=times.index(guess),
            format_func=lambda name: name or texts("forecast.counted"),
        )
    return value, time


def _describe(series: Series, texts: Texts) -> None:
    words = texts(
        "forecast.described",
        name=plain(series.title),
        count=len(series),
        first=plain(series.times[0]),
        last=plain(series.times[-1]),
        train=series.train_end,
    )
    if series.period:
        words += " " + texts("forecast.period", period=series.period)
    if series.filled:
        words += " " + texts("forecast.filled", count=len(series.filled))
    st.markdown(words)


def _say_how_read(table: Table, texts: Texts) -> None:
    """What was below the table, and the encoding where it is not UTF-8."""
    if table.footer:
        st.caption(texts("forecast.footer", text=plain(table.footer[:120])))
    say_encoding(table.encoding, texts)
