"""The adding problem at delay 100, trained in the background while one watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_adding import adding_figure
from explorer.jobs import Job, Progress, jobs
from explorer.lab.race_example import example_html, example_of
from explorer.lab.race_names import competitor_name, start_name
from explorer.language import Texts
from explorer.queue_line import queue_line
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.adding import Learned

CELLS = ("lstm", "gru")
SEEDS = ("1", "2", "3")
FIRST_START = "chrono"
POLL_SECONDS = 1.0


class Look(NamedTuple):
    """What the page is shown on the way: curves so far, and what is finished, by cell."""

    curves: dict[str, list[tuple[float, float]]]
    learned: dict[str, Learned]


def show(texts: Texts) -> None:
    """Start the training, watch it, and see what it came to."""
    from core.race.adding import DELAY, STARTS, WANTED
    from core.tasks.memory import Adding

    chosen("adding_seed", "1", SEEDS)
    chosen("adding_start", FIRST_START, STARTS)
    with st.sidebar:
        st.radio(
            texts("memory.start"),
            STARTS,
            format_func=lambda start: start_name(start, texts),
            key="adding_start",
        )
        st.radio(texts("memory.seed"), SEEDS, key="adding_seed", horizontal=True)
        st.caption(texts("memory.about_adding"))
    seed = int(st.session_state["adding_seed"])
    start = st.session_state["adding_start"]
    publish(
        adding_seed=None if seed == 1 else str(seed),
        adding_start=None if start == FIRST_START else start,
    )
    task = Adding(DELAY)
    st.markdown(
        texts("memory.adding_lead", delay=DELAY, baseline=f"{task.guess:.3f}", wanted=WANTED)
    )
    example = example_of(task, seed)
    st.html(example_html(example, texts("memory.reads"), texts("memory.asked")))
    key = f"adding-{DELAY}-{start}-{seed}"
    job = jobs().find(key)
    if job is None or job.cancelled:
        if st.button(texts("memory.adding_start"), type="primary", icon=":material/play_arrow:"):
            jobs().start(key, lambda progress: train_both(start, seed, progress))
            st.rerun()
        return
    if job.running:
        _watch(key, texts)
    else:
        _picture(job.result, texts)


def train_both(start: str, seed: int, progress: Progress) -> Look:
    """Both cells in turn, on one thread; runs on a worker."""
    import torch

    from core.race.adding import learn_adding

    torch.set_num_threads(1)
    look = Look({}, {})
    for number, cell in enumerate(CELLS):
        points = look.curves.setdefault(cell, [])

        def report(
            share: float, seconds: float, error: float, points: list = points, before: int = number
        ) -> None:
            points.append((seconds, error))
            progress.report((before + share) / len(CELLS), look)

        look.learned[cell] = learn_adding(cell, start=start, seed=seed, report=report)
    return look


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, texts: Texts) -> None:
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    _running(job, texts)
    if job.progress.note is not None:
        _picture(job.progress.note, texts)


def _running(job: Job, texts: Texts) -> None:
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress.share, queue_line(job, texts("memory.training"), texts))
    if stop.button(texts("memory.stop"), key="adding-stop", width="stretch"):
        job.cancel()
        st.rerun(scope="app")


def _picture(look: Look, texts: Texts) -> None:
    from core.race.adding import DELAY, WANTED
    from core.tasks.memory import Adding

    labels = {cell: competitor_name(cell, texts) for cell in CELLS}
    curves = {cell: list(points) for cell, points in look.curves.items() if points}
    figure = adding_figure(
        curves, labels, baseline=Adding(DELAY).guess, wanted=WANTED, texts=texts, dark=is_dark()
    )
    st.plotly_chart(figure, key="adding-curves", config={"displayModeBar": False})
    for cell, learned in list(look.learned.items()):
        st.markdown(
            texts(
                "memory.adding_done" if learned.solved else "memory.adding_failed",
                name=labels[cell],
                error=f"{learned.error:.4f}",
                seconds=f"{learned.seconds:.0f}",
                updates=f"{learned.updates:,}",
                parameters=f"{learned.parameters:,}",
            )
        )
