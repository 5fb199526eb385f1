"""What a grid of races says: who solves what after how many updates, and how far each remembers."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from core.race.grid import Grid, Run, effort


@dataclass(frozen=True)
class Choice:
    """By which start and learning rate everybody is looked at; None for each at its best."""

    start: str | None = None
    rate: float | None = None


BEST = Choice()


@dataclass(frozen=True)
class Lane:
    """A competitor on a task, with one start and one learning rate.

    runs: by delay, of the seeds that count; of those of the sweep where ``swept``, because
    this is not the rate that was chosen. skipped: delays that were not tried after two that no
    seed solved. missing: delays of the plan that are still to be run.
    """

    competitor: str
    start: str
    rate: float
    swept: bool
    runs: dict[int, list[Run]]
    skipped: list[int]
    missing: list[int]

    def solved(self, delay: int) -> int:
        """How many seeds solve this delay."""
        return sum(run.solved for run in self.runs.get(delay, []))

    def updates(self, delay: int) -> float | None:
        """Median updates until solved; None unless more than half of the seeds solve it."""
        runs = self.runs.get(delay, [])
        middle = statistics.median_high([_until(run) for run in runs]) if runs else float("inf")
        return None if middle == float("inf") else middle


@dataclass(frozen=True)
class Horizon:
    """How far a competitor remembers: the largest delay up to which every one is solved.

    median, lowest, highest: over the seeds; 0 where even the shortest delay is not solved.
    open_ended: whether the median reached the longest delay that was tried.
    """

    median: int
    lowest: int
    highest: int
    open_ended: bool


@dataclass(frozen=True)
class Comparison:
    """A competitor beside the plain one on the same seeds.

    difference: of the medians of the effort; below 0 learns sooner. p: of the two-sided
    Mann-Whitney rank test over the seeds, corrected by Holm's method for the number of
    comparisons made together.
    """

    competitor: str
    difference: float
    p: float

    @property
    def significant(self) -> bool:
        """Whether p is below 0.05."""
        return self.p < 0.05


def lane(grid: Grid, task: str, competitor: str, choice: Choice = BEST) -> Lane | None:
    """The competitor by this choice; None where it has no such start, or nothing was run."""
    start = best_start(grid, task, competitor) if choice.start is None else choice.start
    if start is None or start not in grid.plan.starts[competitor]:
        return None
    ours = grid.rate(task, competitor, start)
    rate = ours if choice.rate is None else choice.rate
    if rate is None:
        return None
    runs: dict[int, list[Run]] = {}
    for run in grid.sweep(task, competitor, start) if rate != ours else grid.runs:
        belongs = (run.task, run.competitor, run.start, run.rate) == (task, competitor, start, rate)
        if belongs and (rate != ours or run.seed in grid.plan.seeds):
            runs.setdefault(run.delay, []).append(run)
    if not runs:
        return None
    skipped, missing = (f(task, competitor, start) for f in (grid.skipped, grid.missing))
    return Lane(competitor, start, rate, rate != ours, runs, skipped, missing)


def best_start(grid: Grid, task: str, competitor: str) -> str | None:
    """The start with which most runs of all delays and seeds solve the task.

    Among equals the one with the fewest updates for them; None where nothing has been run.
    """
    counted: dict[str, list[Run]] = {}
    for run in grid.runs:
        if (run.task, run.competitor) == (task, competitor) and run.seed in grid.plan.seeds:
            counted.setdefault(run.start, []).append(run)
    if not counted:
        return None

    def merit(start: str) -> tuple[int, int]:
        solved = [run.updates for run in counted[start] if run.solved]
        return len(solved), -sum(solved)

    return max(counted, key=merit)


def horizon(grid: Grid, lane: Lane) -> Horizon | None:
    """How far a competitor remembers by this start and rate; None where only a sweep was run.

    A seed's horizon ends before the first delay that it did not solve; delays that were not
    tried count as not solved.
    """
    if lane.swept:
        return None
    solved = {(r.seed, r.delay) for found in lane.runs.values() for r in found if r.solved}
    reached = [_reach(seed, grid.plan.delays, solved) for seed in grid.plan.seeds]
    middle = statistics.median_low(reached)
    return Horizon(middle, min(reached), max(reached), middle == grid.plan.delays[-1])


def _reach(seed: int, delays: Sequence[int], solved: set[tuple[int, int]]) -> int:
    reach = 0
    for delay in delays:
        if (seed, delay) not in solved:
            break
        reach = delay
    return reach


def compare(
    grid: Grid,
    task: str,
    delay: int,
    plain: str,
    others: Sequence[str],
    choice: Choice = BEST,
) -> list[Comparison]:
    r"""Every one of ``others`` against ``plain`` by the Mann-Whitney test over seeds.

    What is compared is the effort, which tells networks apart that all solve the task.
    :math:`U` counts in how many pairs of runs the one is before the other; no scale and no
    normal distribution is assumed. With n seeds each the exact p cannot fall below
    :math:`2 / \binom{2n}{n}`: 0.002 for six. Competitors without runs are left out. Where each
    is taken at its best start, that was chosen by the same seeds, so p is somewhat too small.
    Source: H. B. Mann and D. R. Whitney (1947); S. Holm (1979) for the correction.
    """
    from scipy.stats import mannwhitneyu

    ours = efforts(grid, lane(grid, task, plain, choice), delay)
    found = []
    for other in others:
        theirs = efforts(grid, lane(grid, task, other, choice), delay)
        if not ours or not theirs:
            continue
        p = 1.0 if set(ours) == set(theirs) else mannwhitneyu(theirs, ours).pvalue
        found.append((other, statistics.median(theirs) - statistics.median(ours), float(p)))
    corrected = holm([p for _, _, p in found])
    return [Comparison(other, difference, p) for (other, difference, _), p in zip(found, corrected)]


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for being several: the k-th smallest of n is multiplied by n - k + 1.

    A corrected value is never below one that comes before it, nor above 1.
    """
    order = sorted(range(len(values)), key=lambda place: values[place])
    corrected, highest = [1.0] * len(values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, values[place] * (len(values) - rank)))
        corrected[place] = highest
    return corrected


def efforts(grid: Grid, lane: Lane | None, delay: int) -> list[float]:
    """The effort of every seed at this delay."""
    if lane is None:
        return []
    return [effort(run, grid.plan.protocol) for run in lane.runs.get(delay, [])]


def _until(run: Run) -> float:
    return run.updates if run.solved else float("inf")
