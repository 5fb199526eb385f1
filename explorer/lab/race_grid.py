"""The grid of the memory race: updates until solved, horizons, and what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_race import delay_figure, horizon_figure
from explorer.lab.race_example import example_html, example_of
from explorer.lab.race_lines import lanes_of, lines_of, table
from explorer.lab.race_names import shipped_grid, start_name, task_name
from explorer.lab.race_says import absent, caption
from explorer.language import Texts
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.grid import Grid
    from core.race.horizon import Choice

FIRST, BEST = "20", "best"
PLAIN = {"displayModeBar": False}


def show(texts: Texts) -> None:
    """The shipped grid, for the task chosen in the sidebar."""
    grid = shipped_grid("competitors")
    begun = [task for task in grid.plan.tasks if any(run.task == task for run in grid.runs)]
    chosen("race_task", begun[0], begun)
    with st.sidebar:
        st.radio(
            texts("memory.task"),
            begun,
            format_func=lambda task: task_name(task, texts),
            key="race_task",
        )
        st.caption(texts(f"memory.about_{st.session_state['race_task']}"))
        st.caption(texts("memory.shipped", seeds=len(grid.plan.seeds)))
    show_grid(grid, st.session_state["race_task"], texts)


def show_grid(grid: Grid, task: str, texts: Texts) -> None:
    """Slider and pictures in a part of their own, which alone is drawn again."""
    delays = [str(delay) for delay in grid.plan.delays]
    chosen("race_delay", FIRST if FIRST in delays else delays[0], delays)
    choice = _choice(grid, texts)
    _race(grid, task, choice, texts)
    if lacks := absent(grid, task, choice, texts):
        st.info(lacks, icon=":material/pending:")
    st.markdown(f"#### {texts('memory.table')}")
    rows = table(grid, task, texts)
    st.dataframe(rows, hide_index=True, width="stretch", height=35 * (len(grid.plan.lanes) + 1) + 3)
    st.caption(texts("memory.table_reads"))
    st.caption(budget(grid, texts))


def budget(grid: Grid, texts: Texts) -> str:
    """The protocol in words, with its numbers."""
    protocol = grid.plan.protocol
    return texts(
        "memory.budget",
        updates=f"{protocol.updates:,}",
        patience=f"{protocol.patience:,}",
        progress=f"{protocol.progress:g}",
        batch=protocol.batch,
        units=protocol.units,
        rates=" / ".join(f"{rate:g}" for rate in protocol.rates),
        sweep=texts("memory.comma").join(str(delay) for delay in protocol.sweep_delays),
        seeds=len(grid.plan.seeds),
        held_out=f"{protocol.held_out:,}",
        span=protocol.span,
        minutes=f"{sum(run.seconds for run in grid.runs) / 60:.0f}",
    )


def _choice(grid: Grid, texts: Texts) -> Choice:
    """Start and learning rate, from the sidebar."""
    from core.race.horizon import Choice

    names = list(dict.fromkeys(start for starts in grid.plan.starts.values() for start in starts))
    rates = [f"{rate:g}" for rate in grid.plan.protocol.rates]
    chosen("race_start", BEST, [BEST, *names])
    chosen("race_rate", BEST, [BEST, *rates])
    with st.sidebar:
        st.selectbox(
            texts("memory.start"),
            [BEST, *names],
            format_func=lambda one: texts("memory.best") if one == BEST else start_name(one, texts),
            key="race_start",
        )
        st.selectbox(
            texts("memory.rate"),
            [BEST, *rates],
            format_func=lambda one: texts("memory.best") if one == BEST else one,
            key="race_rate",
        )
        st.caption(texts("memory.about_starts"))
    start, rate = st.session_state["race_start"], st.session_state["race_rate"]
    publish(race_start=None if start == BEST else start, race_rate=None if rate == BEST else rate)
    return Choice(None if start == BEST else start, None if rate == BEST else float(rate))


@st.fragment
def _race(grid: Grid, task_id: str, choice: Choice, texts: Texts) -> None:
    from core.tasks.memory import make_task

    delays = grid.plan.delays
    publish(
        race_task=None if task_id == grid.plan.tasks[0] else task_id,
        race_delay=None
        if st.session_state["race_delay"] == FIRST
        else st.session_state["race_delay"],
    )
    # a slider needs two places
    if len(delays) > 1:
        st.select_slider(texts("memory.delay"), [str(delay) for delay in delays], key="race_delay")
    delay = int(st.session_state["race_delay"])
    example = example_of(make_task(task_id, delay), seed=delay)
    st.html(example_html(example, texts("memory.reads"), texts("memory.asked")))
    lanes = lanes_of(grid, task_id, choice)
    lines = lines_of(grid, lanes, delay, texts)
    left, right = st.columns([1.12, 1])
    most = grid.plan.protocol.updates
    with left:
        figure = delay_figure(lines, delays, delay, budget=most, texts=texts, dark=is_dark())
        st.plotly_chart(figure, key="race-delay", config=PLAIN)
    with right:
        figure = horizon_figure(lines, delays, delay, texts=texts, dark=is_dark())
        st.plotly_chart(figure, key="race-horizon", config=PLAIN)
    st.markdown(caption(grid, task_id, lanes, delay, texts))
