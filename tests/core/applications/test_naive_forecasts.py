"""The rules that networks are held against, by their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from core.applications.naive_forecasts import (
    Last,
    Linear,
    Mean,
    Seasonal,
    fit_linear,
    forecasts_of,
    rmse,
    scaled_error,
)
from core.tasks.series import Series, sunspots

PAST = np.array([1.0, 5.0, 2.0, 7.0])


def test_each_rule_says_what_it_is_named_for() -> None:
    assert Last().next_value(PAST) == 7
    assert Mean(3.5).next_value(PAST) == 3.5
    assert Seasonal(3).next_value(PAST) == 5
    assert Linear(1.0, (2.0, -1.0)).next_value(PAST) == 1 + 2 * 7 - 2


def test_free_runs_read_their_own_forecasts() -> None:
    assert Last().free(PAST, 3, 3).tolist() == [2, 2, 2]
    assert Seasonal(2).free(PAST, 4, 4).tolist() == [2, 7, 2, 7]
    assert Linear(0.0, (0.5,)).free(PAST, 4, 3).tolist() == [3.5, 1.75, 0.875]
    assert Last().one_step(PAST, 1).tolist() == [1, 5, 2]


def test_a_linear_process_is_found_again() -> None:
    random = np.random.default_rng(0)
    values = [0.0, 0.0]
    for _ in range(3000):
        values.append(2 + 1.2 * values[-1] - 0.6 * values[-2] + random.standard_normal())
    series = Series("ar", tuple(map(str, range(len(values)))), np.array(values))
    found = fit_linear(series)
    np.testing.assert_allclose(found.weights[:2], (1.2, -0.6), atol=0.06)
    np.testing.assert_allclose(found.weights[2:], 0, atol=0.08)


def test_the_rules_know_only_the_training_part() -> None:
    series = sunspots()
    changed = series.values.copy()
    changed[series.test_start :] = 0
    other = Series("changed", series.times, changed)
    assert forecasts_of(series) == forecasts_of(other)
    assert set(forecasts_of(series)) == {"last", "mean", "seasonal", "linear"}


def test_without_a_period_there_is_no_seasonal_rule() -> None:
    random = np.random.default_rng(0)
    noise = Series("noise", tuple(map(str, range(100))), random.standard_normal(100))
    assert "seasonal" not in forecasts_of(noise)


def test_errors_by_hand() -> None:
    assert rmse(np.array([1.0, 2.0]), np.array([4.0, 6.0])) == pytest.approx(np.sqrt(12.5))
    training = np.array([0.0, 2.0, 1.0, 4.0])  # steps of 2, 1, 3: on average 2
    assert scaled_error(np.array([3.0, 3.0]), np.array([4.0, 0.0]), training) == pytest.approx(1.0)
