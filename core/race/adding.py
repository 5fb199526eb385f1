"""The adding problem at delay 100, learned while one watches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.race.protocol import Member, Protocol, run
from core.tasks.memory import Adding

DELAY, RATE, WANTED = 100, 1e-2, 0.01
STARTS = ("torch", "forget-bias-1", "chrono")
# what is watched goes on to its end, so no standstill ends it
PROTOCOL = Protocol(units=64, updates=4000, patience=4000, held_out=2000)


@dataclass(frozen=True)
class Learned:
    """What came of one training.

    error: mean squared error on held-out sequences; curve: seconds and errors on the way.
    """

    cell: str
    error: float
    solved: bool
    seconds: float
    updates: int
    parameters: int
    curve: tuple[tuple[float, float], ...]


Report = Callable[[float, float, float], None]


def learn_adding(
    cell: str,
    *,
    start: str = "chrono",
    seed: int = 1,
    delay: int = DELAY,
    updates: int = PROTOCOL.updates,
    report: Report | None = None,
) -> Learned:
    """Train ``cell`` until the mean squared error is safely below 0.01, or the updates are spent.

    ``report`` hears the share of the updates, the seconds and the error at every look. An
    error above the baseline 0.167 is given as the baseline.
    Raises ValueError for an unknown cell, a start that does not fit it, or a delay below 2.
    """
    task, started = Adding(delay), time.perf_counter()
    curve: list[tuple[float, float]] = []

    def look(done: int, score: float) -> None:
        curve.append((time.perf_counter() - started, (1 - score) * task.guess))
        if report is not None:
            report(done / updates, *curve[-1])

    protocol = replace(PROTOCOL, updates=updates)
    outcome = run(cell, task, Member(start, RATE, seed), protocol, report=look)
    return Learned(
        cell=cell,
        error=(1 - outcome.score) * task.guess,
        solved=outcome.solved,
        seconds=time.perf_counter() - started,
        updates=outcome.updates,
        parameters=outcome.parameters,
        curve=tuple(curve),
    )
