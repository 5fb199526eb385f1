"""Series: how they are divided, and the period that is measured."""

from __future__ import annotations

import numpy as np
import pytest

from core.tasks.series import Series, measured_period, sunspots


def series_of(values: np.ndarray) -> Series:
    return Series("made", tuple(str(at) for at in range(len(values))), values)


def test_the_sunspots_are_there_without_a_network() -> None:
    series = sunspots()
    assert len(series) == 309
    assert (series.times[0], series.times[-1]) == ("1700", "2008")
    assert series.values[series.place_of("1957")] == pytest.approx(190.2)  # the largest of all
    assert series.values.argmax() == series.place_of("1957")
    assert series.period == 11


def test_parts_follow_each_other_and_the_scale_knows_only_the_first() -> None:
    values = np.arange(100.0)
    series = series_of(values)
    assert 0 < series.train_end < series.test_start < len(series)
    changed = values.copy()
    changed[series.train_end :] += 1000
    other = series_of(changed)
    assert (other.middle, other.spread) == (series.middle, series.spread)


@pytest.mark.parametrize("period", [4, 7, 12, 24])
def test_the_period_of_a_noisy_wave_is_found(period: int) -> None:
    random = np.random.default_rng(period)
    time = np.arange(300)
    wave = np.sin(2 * np.pi * time / period) + 0.5 * random.standard_normal(300)
    assert measured_period(wave) == period


def test_noise_and_a_line_have_no_period() -> None:
    random = np.random.default_rng(0)
    assert all(measured_period(random.standard_normal(300)) == 0 for _ in range(20))
    assert measured_period(np.ones(100)) == 0


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.arange(10.0), "10 values"),
        (np.full(60, 3.0), "does not change"),
        (np.array([np.nan, *np.arange(60.0)]), "not finite"),
        (np.arange(60.0) * 1e15, "1e15"),
    ],
)
def test_what_is_no_series_is_refused(values: np.ndarray, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        series_of(values)


def test_an_unknown_moment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="1700 to 2008"):
        sunspots().place_of("3000")
