"""What a grid of races says: scores with their spread, memory horizons, and rank tests."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from core.race.grid import Grid, Run
from core.race.protocol import Protocol


@dataclass(frozen=True)
class Spread:
    """Scores of several seeds: lowest, median, highest, and how many of them solved the task."""

    lowest: float
    median: float
    highest: float
    solved: int
    seeds: int


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

    difference: of the medians of ``learning``. p: of the two-sided Mann-Whitney rank test over the
    seeds, corrected by Holm's method for the number of comparisons made together.
    """

    competitor: str
    difference: float
    p: float

    @property
    def significant(self) -> bool:
        """Whether p is below 0.05."""
        return self.p < 0.05


def spread(runs: Sequence[Run]) -> Spread | None:
    """The spread over these runs; None where there are none."""
    if not runs:
        return None
    scores = [run.score for run in runs]
    return Spread(
        lowest=min(scores),
        median=statistics.median(scores),
        highest=max(scores),
        solved=sum(run.solved for run in runs),
        seeds=len(runs),
    )


def horizon(grid: Grid, task: str, competitor: str) -> Horizon | None:
    """The memory horizon of a competitor on a task; None where no seed has begun.

    A seed's horizon ends before the first delay that it did not solve; delays that were not
    tried count as not solved.
    """
    seeds = {run.seed for run in grid.runs if (run.task, run.competitor) == (task, competitor)}
    if not seeds:
        return None
    solved = {
        (run.seed, run.delay)
        for run in grid.runs
        if (run.task, run.competitor) == (task, competitor) and run.solved
    }
    reached = [_reach(seed, grid.plan.delays, solved) for seed in sorted(seeds)]
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
    grid: Grid, task: str, delay: int, plain: str, others: Sequence[str]
) -> list[Comparison]:
    r"""Every one of ``others`` against ``plain`` by the Mann-Whitney test over seeds.

    What is compared is ``learning``, which tells networks apart that all solve the task.
    :math:`U` counts in how many pairs of runs the one scores above the other; no scale and no
    normal distribution is assumed. With n seeds each the exact p cannot fall below
    :math:`2 / \binom{2n}{n}`: 0.002 for six. Competitors without runs are left out.
    Source: H. B. Mann and D. R. Whitney (1947); S. Holm (1979) for the correction.
    """
    from scipy.stats import mannwhitneyu

    ours = _learnings(grid, task, plain, delay)
    found = []
    for other in others:
        theirs = _learnings(grid, task, other, delay)
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


def learning(run: Run, protocol: Protocol) -> float:
    """The mean score over the whole budget of updates: high for who learns soon and well.

    A run that ended early, solved, counts on with its last score.
    """
    scores = [value for _, value in run.curve]
    looks = protocol.updates // protocol.check
    if not scores:
        return run.score
    return sum(scores + [scores[-1]] * (looks - len(scores))) / max(looks, len(scores))


def _learnings(grid: Grid, task: str, competitor: str, delay: int) -> list[float]:
    return [learning(run, grid.plan.protocol) for run in grid.of(task, competitor, delay)]
