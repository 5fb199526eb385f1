"""What a start was worth in the memory race, read from the grid that is shipped."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from explorer.language import Texts

if TYPE_CHECKING:
    from core.race.grid import Grid

TASK = "recall"


def race_line(grid: Grid, cell: str, start: str, texts: Texts) -> str:
    """The longest delay that every seed solves, after how many updates, and what came next.

    Says so where the grid holds no run of this start.
    """
    runs_at = {delay: grid.of(TASK, cell, delay, start=start) for delay in grid.plan.delays}
    counts = {
        delay: (sum(run.solved for run in runs), len(runs))
        for delay, runs in runs_at.items()
        if runs
    }
    if not counts:
        return texts("practice.race_missing")
    whole = [delay for delay, (solved, tried) in counts.items() if solved == tried]
    beyond = {delay: count for delay, count in counts.items() if delay > max(whole, default=0)}
    said = []
    if whole:
        runs = runs_at[max(whole)]
        said.append(
            texts(
                "practice.race_solved",
                delay=max(whole),
                seeds=len(runs),
                updates=f"{median(run.updates for run in runs):,.0f}",
            )
        )
    else:
        said.append(texts("practice.race_none"))
    if beyond:
        delay = min(beyond)
        solved, tried = beyond[delay]
        most = f"{grid.plan.protocol.updates:,}"
        said.append(
            texts("practice.race_beyond", delay=delay, solved=solved, tried=tried, most=most)
        )
    return texts("caption.gap").join(said)
