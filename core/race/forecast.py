"""How long a grid will still take: measured on a few updates and on the runs that are finished."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from core.race.grid import Grid, Plan
from core.race.protocol import Member, Protocol, train
from core.tasks.memory import make_task

UPDATES, PROBED = 10, 20  # updates and delay of a probe
USED = 0.5  # share of the budget that a run is taken to use before any is finished


@dataclass(frozen=True)
class Forecast:
    """Seconds of processor time for what is left of a grid.

    longest: if every run spent its whole budget and nothing were skipped. likely: if the rest
    used as much of its budget, and skipped as much, as what is finished.
    """

    longest: float
    likely: float


def forecast(grid: Grid) -> Forecast:
    """Measure one update of every competitor that has something left, and add up.

    It is measured at one delay; the time of an update grows with the length of the sequences.
    """
    plan, longest = grid.plan, 0.0
    for kind in plan.competitors:
        left = [
            (make_task(task, delay).steps, runs)
            for task in plan.tasks
            for start in plan.starts[kind]
            for delay, runs in _left(grid, task, kind, start)
        ]
        if left:
            second = _seconds_a_step(kind, plan)
            longest += second * plan.protocol.updates * sum(steps * runs for steps, runs in left)
    return Forecast(longest, longest * _used(grid))


def _left(grid: Grid, task: str, kind: str, start: str) -> list[tuple[int, int]]:
    """(delay, runs) that are still to come, sweep and all."""
    plan, protocol = grid.plan, grid.plan.protocol
    done = [run.delay for run in grid.sweep(task, kind, start)]
    each = len(protocol.rates) * len(protocol.sweep_seeds)
    found = [(delay, each - done.count(delay)) for delay in protocol.sweep_delays]
    found += [
        (delay, len(plan.seeds) - len(grid.of(task, kind, delay, start=start)))
        for delay in grid.missing(task, kind, start)
    ]
    return [(delay, runs) for delay, runs in found if runs > 0]


def _seconds_a_step(kind: str, plan: Plan) -> float:
    """Of one update of one member of a team, for each step of its sequences."""
    short = Protocol(units=plan.protocol.units, updates=UPDATES, held_out=1)
    members = [Member(plan.starts[kind][0], 1e-3, seed) for seed in range(1, 4)]
    task = make_task(plan.tasks[0], PROBED)
    began = time.thread_time()
    list(train(kind, task, members, short))
    return (time.thread_time() - began) / UPDATES / len(members) / task.steps


def _used(grid: Grid) -> float:
    """The share of the budget that runs use, times the share of the delays that are tried."""
    if not grid.runs:
        return USED
    plan = grid.plan
    begun = {(run.task, run.competitor, run.start) for run in grid.runs}
    skipped = sum(len(grid.skipped(*lane)) for lane in begun)
    tried = 1 - skipped / (len(begun) * len(plan.delays))
    return tried * statistics.mean(run.updates / plan.protocol.updates for run in grid.runs)
