"""Horizons, medians and rank tests of grids made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.stats import false_discovery_control, mannwhitneyu

from core.race.grid import Grid, Plan, Run
from core.race.horizon import Choice, best_start, compare, efforts, holm, horizon, lane
from core.race.protocol import Protocol

PROTOCOL = Protocol(updates=100, rates=(0.01, 0.1), sweep_delays=(5,))
STARTS = {
    "elman": ("torch", "orthogonal"),
    "lstm": ("torch", "chrono"),
    "gru": ("torch",),
    "jordan": ("torch",),
}


def a_run(kind: str, start: str, delay: int, seed: int, updates: float, rate: float = 0.01) -> Run:
    """A run that solved after so many updates; with infinity one that did not."""
    solved = updates < float("inf")
    score, ended = (0.97, "solved") if solved else (0.3, "standstill")
    spent = int(updates) if solved else 80
    return Run("recall", delay, kind, start, rate, seed, score, solved, spent, ended, 1.0, 8, 99)


NEVER = float("inf")


def a_grid(lanes: Mapping[tuple[str, str], Mapping[int, Sequence[float]]]) -> Grid:
    """Three seeds; the sweep of every lane says that 0.01 is better than 0.1."""
    plan = Plan(("recall",), (5, 10, 20), STARTS, (1, 2, 3), PROTOCOL)
    runs = [
        a_run(kind, start, 5, 0, updates, rate)
        for kind, start in lanes
        for rate, updates in ((0.01, 30), (0.1, 60))
    ]
    runs += [
        a_run(kind, start, delay, seed, updates)
        for (kind, start), by_delay in lanes.items()
        for delay, values in by_delay.items()
        for seed, updates in enumerate(values, start=1)
    ]
    return Grid(plan, runs)


GRID = a_grid(
    {
        ("lstm", "chrono"): {5: [40, 50, 60], 10: [1, 1, 1], 20: [90, NEVER, 70]},
        ("elman", "torch"): {5: [9, 9, NEVER], 10: [NEVER, NEVER, 1], 20: [1, NEVER, 1]},
        ("elman", "orthogonal"): {5: [9, 9, NEVER], 10: [NEVER, 1, 1], 20: [1, NEVER, 1]},
        ("gru", "torch"): {5: [NEVER] * 3, 10: [NEVER] * 3},
    }
)


def test_a_horizon_ends_before_the_first_delay_that_is_not_solved() -> None:
    def found(kind: str, choice: Choice):
        one = horizon(GRID, lane(GRID, "recall", kind, choice))
        return (one.lowest, one.median, one.highest, one.open_ended)

    assert found("lstm", Choice()) == (10, 20, 20, True)
    assert found("elman", Choice(start="torch")) == (0, 5, 5, False)
    assert found("elman", Choice()) == (0, 5, 10, False)
    assert found("gru", Choice()) == (0, 0, 0, False)


def test_each_at_its_best_is_the_start_that_solves_most() -> None:
    assert best_start(GRID, "recall", "elman") == "orthogonal"
    assert lane(GRID, "recall", "elman").start == "orthogonal"
    assert lane(GRID, "recall", "elman", Choice(start="torch")).start == "torch"
    # the GRU takes part, but not by this start, and Jordan has not been run at all
    assert lane(GRID, "recall", "gru", Choice(start="orthogonal")) is None
    assert lane(GRID, "recall", "jordan") is None
    tie = a_grid({("elman", "torch"): {5: [50] * 3}, ("elman", "orthogonal"): {5: [40] * 3}})
    assert best_start(tie, "recall", "elman") == "orthogonal"


def test_a_lane_counts_seeds_and_knows_what_is_missing() -> None:
    ours = lane(GRID, "recall", "lstm")
    assert [ours.solved(delay) for delay in (5, 10, 20)] == [3, 3, 2]
    assert [ours.updates(delay) for delay in (5, 10, 20)] == [50, 1, 90]
    assert (ours.rate, ours.swept, ours.missing, ours.skipped) == (0.01, False, [], [])
    gru = lane(GRID, "recall", "gru")
    assert gru.updates(5) is None
    assert (gru.missing, gru.skipped) == ([], [20])
    partial = a_grid({("gru", "torch"): {5: [1, 1, 1], 10: [1]}})
    assert lane(partial, "recall", "gru").missing == [10, 20]


def test_another_rate_shows_the_sweep_and_no_horizon() -> None:
    other = lane(GRID, "recall", "lstm", Choice(rate=0.1))
    assert other.swept
    assert {run.seed for run in other.runs[5]} == {0}
    assert other.updates(5) == 60
    assert horizon(GRID, other) is None
    assert not lane(GRID, "recall", "lstm", Choice(rate=0.01)).swept


def test_the_rank_test_is_scipys_with_holms_correction() -> None:
    random = np.random.default_rng(0)
    values = {
        ("lstm", "torch"): random.integers(10, 40, 3),
        ("gru", "torch"): random.integers(60, 99, 3),
        ("jordan", "torch"): [20, NEVER, 99],
    }
    grid = a_grid({name: {5: list(updates)} for name, updates in values.items()})
    found = {one.competitor: one for one in compare(grid, "recall", 5, "lstm", list(STARTS))}
    assert set(found) == {"lstm", "gru", "jordan"}
    mine = {kind: efforts(grid, lane(grid, "recall", kind), 5) for kind in found}
    assert sorted(mine["jordan"]) == pytest.approx([20, 99, 100 * (2 - 0.3)])
    raw = [1.0, *(mannwhitneyu(mine[k], mine["lstm"]).pvalue for k in ("gru", "jordan"))]
    assert [one.p for one in found.values()] == pytest.approx(holm(raw))
    expected = np.median(values["gru", "torch"]) - np.median(values["lstm", "torch"])
    assert found["gru"].difference == pytest.approx(expected)
    assert found["lstm"].difference == 0


def test_six_seeds_that_are_all_later_differ_clearly() -> None:
    plan = Plan(("recall",), (5,), {"elman": ("torch",), "gru": ("torch",)}, (1, 2, 3, 4, 5, 6))
    sweep = [
        a_run(kind, "torch", delay, 0, 30, rate)
        for kind in plan.starts
        for delay in plan.protocol.sweep_delays
        for rate in plan.protocol.rates
    ]
    first = plan.protocol.rates[0]  # all are equal, so the first is taken
    runs = [a_run("elman", "torch", 5, s, 100 + s, first) for s in plan.seeds]
    runs += [a_run("gru", "torch", 5, s, 200 + s, first) for s in plan.seeds]
    (one,) = compare(Grid(plan, sweep + runs), "recall", 5, "elman", ["gru"])
    assert (one.difference, one.significant) == (100, True)
    assert one.p == pytest.approx(2 / 924)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
    values = [0.001, 0.2, 0.03, 0.004]
    # never milder than Benjamini and Hochberg, never harsher than Bonferroni
    assert all(h >= f - 1e-12 for h, f in zip(holm(values), false_discovery_control(values)))
    assert all(h <= min(1, 4 * p) + 1e-12 for h, p in zip(holm(values), values))
