"""What a grid of races says about one task, ready to be drawn and tabulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.charts.lab_race import Line, Seed
from explorer.lab.race_names import competitor_name, start_name
from explorer.language import Texts

if TYPE_CHECKING:
    from core.race.grid import Grid, Run
    from core.race.horizon import Choice, Lane


def lanes_of(grid: Grid, task: str, choice: Choice) -> list[Lane]:
    """Every competitor that has begun this task and has the start that was chosen."""
    from core.race.horizon import lane

    found = (lane(grid, task, kind, choice) for kind in grid.plan.competitors)
    return [one for one in found if one is not None]


def lines_of(grid: Grid, lanes: list[Lane], delay: int, texts: Texts) -> list[Line]:
    """The lanes with their medians, seeds and horizons."""
    from core.race.horizon import horizon

    found = []
    for one in lanes:
        reached = horizon(grid, one)
        found.append(
            Line(
                kind=one.competitor,
                label=lane_name(one, texts),
                median={d: one.updates(d) for d in grid.plan.delays if d in one.runs},
                seeds=[
                    Seed(d, run.updates if run.solved else None, _words(run, texts))
                    for d, runs in one.runs.items()
                    for run in runs
                ],
                at=[run.score for run in one.runs.get(delay, [])],
                horizon=reached and (reached.lowest, reached.median, reached.highest),
            )
        )
    return found


def lane_name(lane: Lane, texts: Texts) -> str:
    """A competitor with its start; those without a state have none to speak of."""
    from core.race.competitors import WITHOUT_STATE

    name = competitor_name(lane.competitor, texts)
    if lane.competitor in WITHOUT_STATE:
        return name
    return texts("memory.with_start", name=name, start=start_name(lane.start, texts))


def _words(run: Run, texts: Texts) -> str:
    """What came of one run."""
    key = "memory.run_solved" if run.solved else f"memory.run_{run.ended.replace('-', '_')}"
    return texts(
        key, seed=run.seed, updates=f"{run.updates:,}", score=f"{run.score:.2f}", delay=run.delay
    )


def table(grid: Grid, task: str, texts: Texts) -> dict[str, list[str]]:
    """Every competitor with every start: what it had, and how it fared at each delay.

    A cell says how many seeds solve the delay, after how many updates (median of those that do).
    """
    from core.race.horizon import Choice, horizon, lane

    rows = []
    for kind, start in grid.plan.lanes:
        one = lane(grid, task, kind, Choice(start=start))
        if one is None:
            rows.append(
                (competitor_name(kind, texts), start_name(start, texts), *["–"] * 3, "–")
                + (texts("memory.not_computed"),) * len(grid.plan.delays)
            )
            continue
        runs = [run for found in one.runs.values() for run in found]
        reached = horizon(grid, one)
        rows.append(
            (
                competitor_name(kind, texts),
                start_name(start, texts),
                f"{one.rate:g}",
                _range(sorted({run.hidden for run in runs})),
                _range(sorted({run.parameters for run in runs})),
                "–" if reached is None else f"{reached.median}{'+' * reached.open_ended}",
                *(cell(one, delay, texts) for delay in grid.plan.delays),
            )
        )
    names = ("who", "start", "rate", "hidden", "parameters", "horizon")
    titles = [texts(f"memory.col_{name}") for name in names] + [str(d) for d in grid.plan.delays]
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}


def cell(lane: Lane, delay: int, texts: Texts) -> str:
    """Seeds that solve the delay, and the median of their updates."""
    from statistics import median

    if delay in lane.skipped:
        return texts("memory.skipped")
    runs = lane.runs.get(delay, [])
    if not runs:
        return texts("memory.not_computed")
    solved = [run.updates for run in runs if run.solved]
    count = f"{len(solved)}/{len(runs)}"
    return f"{count} · {median(solved):,.0f}" if solved else count


def _range(values: list[int]) -> str:
    """One number, or the smallest and the largest."""
    ends = [f"{value:,}" for value in dict.fromkeys((values[0], values[-1]))]
    return " – ".join(ends)
