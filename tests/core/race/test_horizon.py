"""Horizons, spreads and rank tests of grids made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.stats import false_discovery_control, mannwhitneyu

from core.race.grid import Grid, Plan, Run
from core.race.horizon import compare, holm, horizon, learning, spread
from core.race.protocol import Protocol

PROTOCOL = Protocol(updates=100, check=25)


def a_run(kind: str, delay: int, seed: int, score: float, curve=()) -> Run:
    return Run("recall", delay, kind, seed, 0.01, score, score >= 0.95, 100, 1.0, 8, 99, curve)


def a_grid(scores: Mapping[str, Mapping[int, Sequence[float]]]) -> Grid:
    plan = Plan(("recall",), (5, 10, 20), tuple(scores), (1, 2, 3), PROTOCOL)
    runs = [
        a_run(kind, delay, seed, score)
        for kind, by_delay in scores.items()
        for delay, values in by_delay.items()
        for seed, score in enumerate(values, start=1)
    ]
    return Grid(plan, runs=runs)


def test_a_horizon_ends_before_the_first_failure() -> None:
    grid = a_grid(
        {
            "lstm": {5: [1, 1, 1], 10: [1, 1, 1], 20: [1, 0.2, 1]},
            "elman": {5: [1, 1, 0.3], 10: [0.3, 1, 1], 20: [1, 0.2, 1]},
            "gru": {5: [0.2, 0.2, 0.2]},
        }
    )
    lstm, elman, gru = (horizon(grid, "recall", kind) for kind in ("lstm", "elman", "gru"))
    assert (lstm.lowest, lstm.median, lstm.highest, lstm.open_ended) == (10, 20, 20, True)
    assert (elman.lowest, elman.median, elman.highest, elman.open_ended) == (0, 5, 10, False)
    assert (gru.lowest, gru.median, gru.highest) == (0, 0, 0)
    assert horizon(grid, "recall", "jordan") is None


def test_the_spread_of_the_seeds() -> None:
    grid = a_grid({"lstm": {5: [0.5, 1.0, 0.96]}})
    found = spread(grid.of("recall", "lstm", 5))
    assert (found.lowest, found.median, found.highest) == (0.5, 0.96, 1.0)
    assert (found.solved, found.seeds) == (2, 3)
    assert spread([]) is None


def test_learning_is_the_mean_over_the_whole_budget() -> None:
    early = a_run("lstm", 5, 1, 1.0, ((25, 0.5), (50, 0.9)))
    assert learning(early, PROTOCOL) == pytest.approx((0.5 + 0.9 + 0.9 + 0.9) / 4)
    assert learning(a_run("lstm", 5, 1, 0.7), PROTOCOL) == 0.7


def test_the_rank_test_is_scipys_with_holms_correction() -> None:
    random = np.random.default_rng(0)
    scores = {kind: random.normal(mean, 0.1, 8) for kind, mean in (("a", 0), ("b", 1), ("c", 0))}
    grid = a_grid({kind: {5: values.tolist()} for kind, values in scores.items()})
    found = {one.competitor: one for one in compare(grid, "recall", 5, "a", ["b", "c", "none"])}
    assert set(found) == {"b", "c"}
    raw = [mannwhitneyu(scores[kind], scores["a"]).pvalue for kind in ("b", "c")]
    assert [found["b"].p, found["c"].p] == pytest.approx(holm(raw))
    assert found["b"].significant
    assert not found["c"].significant
    expected = np.median(scores["b"]) - np.median(scores["a"])
    assert found["b"].difference == pytest.approx(expected)


def test_equal_scores_do_not_differ() -> None:
    grid = a_grid({"a": {5: [1.0, 1.0, 1.0]}, "b": {5: [1.0, 1.0, 1.0]}})
    (one,) = compare(grid, "recall", 5, "a", ["b"])
    assert (one.difference, one.p, one.significant) == (0, 1, False)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
    values = [0.001, 0.2, 0.03, 0.004]
    # never milder than Benjamini and Hochberg, never harsher than Bonferroni
    assert all(h >= f - 1e-12 for h, f in zip(holm(values), false_discovery_control(values)))
    assert all(h <= min(1, 4 * p) + 1e-12 for h, p in zip(holm(values), values))
