"""The finished grid of the memory race: a delay slider, scores, horizons, and what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_race import Line, delay_figure, horizon_figure
from explorer.lab.race_example import example_html, example_of
from explorer.lab.race_names import competitor_name, shipped_grid, task_name
from explorer.language import Texts
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.grid import Grid
    from core.tasks.memory import MemoryTask

FIRST = "20"
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
    _race(grid, task, texts)
    st.markdown(f"#### {texts('memory.table')}")
    st.dataframe(table(grid, task, texts), hide_index=True, width="stretch")
    protocol = grid.plan.protocol
    st.caption(
        texts(
            "memory.budget",
            updates=protocol.updates,
            batch=protocol.batch,
            rates=" / ".join(f"{rate:g}" for rate in protocol.rates),
            held_out=protocol.held_out,
            span=protocol.span,
            minutes=f"{sum(run.seconds for run in grid.runs) / 60:.0f}",
        )
    )


@st.fragment
def _race(grid: Grid, task_id: str, texts: Texts) -> None:
    from core.tasks.memory import make_task

    delays = grid.plan.delays
    publish(
        race_task=None if task_id == grid.plan.tasks[0] else task_id,
        race_delay=None
        if st.session_state["race_delay"] == FIRST
        else st.session_state["race_delay"],
    )
    st.select_slider(texts("memory.delay"), [str(delay) for delay in delays], key="race_delay")
    delay = int(st.session_state["race_delay"])
    task = make_task(task_id, delay)
    example = example_of(task, seed=delay)
    st.html(example_html(example, texts("memory.reads"), texts("memory.asked")))
    lines = lines_of(grid, task_id, delay, texts)
    score = texts("memory.explained" if task.regression else "memory.accuracy")
    left, right = st.columns([1.12, 1])
    with left:
        figure = delay_figure(
            lines, delays, delay, baseline=task.baseline, solved=task.solved, score=score,
            texts=texts, dark=is_dark(),
        )  # fmt: skip
        st.plotly_chart(figure, key="race-delay", config=PLAIN)
    with right:
        figure = horizon_figure(lines, delays, delay, texts=texts, dark=is_dark())
        st.plotly_chart(figure, key="race-horizon", config=PLAIN)
    st.markdown(caption(grid, task, lines, texts))


def lines_of(grid: Grid, task: str, delay: int, texts: Texts) -> list[Line]:
    """Every competitor that has begun this task, with its scores and horizon."""
    from core.race.horizon import horizon, spread

    found = []
    for kind in grid.plan.competitors:
        reached = horizon(grid, task, kind)
        if reached is None:
            continue
        tried = [d for d in grid.plan.delays if grid.of(task, kind, d)]
        spreads = [one for d in tried if (one := spread(grid.of(task, kind, d)))]
        found.append(
            Line(
                kind=kind,
                label=competitor_name(kind, texts),
                delays=tried,
                low=[one.lowest for one in spreads],
                median=[one.median for one in spreads],
                high=[one.highest for one in spreads],
                at=[run.score for run in grid.of(task, kind, delay)],
                horizon=(reached.lowest, reached.median, reached.highest),
            )
        )
    return found


def caption(grid: Grid, task: MemoryTask, lines: list[Line], texts: Texts) -> str:
    """Who still solves the chosen delay, and how far the plain network really remembers."""
    comma = texts("memory.comma")
    solving = [
        line.label
        for line in lines
        if line.at and sorted(line.at)[(len(line.at) - 1) // 2] >= task.solved
    ]
    parts = [
        texts("memory.solving", delay=task.delay, names=comma.join(solving))
        if solving
        else texts("memory.solving_none", delay=task.delay)
    ]
    by_kind = {line.kind: line for line in lines}
    told = [kind for kind in ("elman", "lstm", "gru") if kind in by_kind]
    parts += [_reach(by_kind[kind], grid, texts) for kind in told]
    if "elman" in by_kind:
        middle = by_kind["elman"].horizon[1]
        key = "short" if middle < 10 else "middle" if middle <= 30 else "long"
        parts.append(texts(f"memory.claim_{key}", steps=middle))
    return texts("caption.gap").join(parts)


def _reach(line: Line, grid: Grid, texts: Texts) -> str:
    """How far one competitor remembers, in a sentence."""
    low, middle, high = line.horizon
    shortest, longest = grid.plan.delays[0], grid.plan.delays[-1]
    if high == 0:
        return texts("memory.reach_none", name=line.label, steps=shortest)
    if low == longest:
        return texts("memory.reach_all", name=line.label, steps=longest)
    key = "memory.reach" if low == high else "memory.reach_spread"
    return texts(key, name=line.label, steps=middle, low=low, high=high)


def table(grid: Grid, task: str, texts: Texts) -> dict[str, list[object]]:
    """What each competitor had and reached on this task."""
    from core.race.horizon import horizon

    rows = []
    for kind in grid.plan.competitors:
        runs = [run for run in grid.runs if (run.task, run.competitor) == (task, kind)]
        reached = horizon(grid, task, kind)
        if not runs or reached is None:
            continue
        sizes = sorted({run.hidden for run in runs})
        counts = sorted({run.parameters for run in runs})
        rows.append(
            (
                competitor_name(kind, texts),
                _range(sizes),
                _range(counts),
                f"{runs[0].rate:g}",
                str(reached.median) + (" +" if reached.open_ended else ""),
                f"{reached.lowest} – {reached.highest}",
                f"{1000 * sum(r.seconds for r in runs) / sum(r.updates for r in runs):.1f}",
                " ".join(str(d) for t, c, d in grid.skipped if (t, c) == (task, kind)) or "–",
            )
        )
    names = ("who", "hidden", "parameters", "rate", "horizon", "range", "per_update", "skipped")
    return {
        texts(f"memory.col_{name}"): [row[place] for row in rows]
        for place, name in enumerate(names)
    }


def _range(values: list[int]) -> str:
    """One number, or the smallest and the largest."""
    ends = [f"{value:,}" for value in dict.fromkeys((values[0], values[-1]))]
    return " – ".join(ends)
