"""The charts about clipping draw the numbers that they are given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.training.clipping import Update
from explorer.charts.lab_clipping import loss_figure, numbers_figure, steps_figure, training_figure
from explorer.language import texts_of

EN = texts_of("en")
RUNS = {
    "none": [Update(1.0, 3.0, 3.0), Update(9.0, 50.0, 50.0), Update(*[math.inf] * 3)],
    "norm": [Update(1.0, 3.0, 1.0), Update(0.5, 0.7, 0.7), Update(0.4, 2.0, 1.0)],
    "value": [Update(1.0, 3.0, 2.0), Update(0.6, 1.0, 1.0), Update(0.5, 1.0, 1.0)],
    "slow": [Update(float(loss), 3.0, 3.0) for loss in range(30)],
}
RATES = {"none": 1.0, "norm": 1.0, "value": 1.0, "slow": 0.1}


@pytest.mark.parametrize("dark", [False, True])
def test_norms_before_and_after_and_losses(dark: bool) -> None:
    figure = training_figure(RUNS, 1.0, 1 / 3, 10, EN, dark=dark, rates=RATES)
    curves = {(one.name, one.xaxis): one for one in figure.data if one.mode == "lines"}
    by_norm = EN("clipping.kind_norm")
    dotted = curves[(EN("clipping.before", kind=by_norm), "x")]
    assert dotted.line.dash == "dot"
    np.testing.assert_allclose(dotted.y, [3.0, 0.7, 2.0])
    np.testing.assert_allclose(curves[(by_norm, "x")].y, [1.0, 0.7, 1.0])
    np.testing.assert_allclose(curves[(by_norm, "x2")].y, [1.0, 0.5, 0.4])
    assert np.isnan(curves[(EN("clipping.kind_none"), "x2")].y[-1])
    slow = curves[(EN("clipping.kind_slow"), "x2")]
    assert list(slow.x) == [1, 2, 3]  # ten updates are drawn where one is, as their mean
    np.testing.assert_allclose(slow.y, [4.5, 14.5, 24.5])
    crosses = [one for one in figure.data if one.mode == "markers+text"]
    assert [one.text[0] for one in crosses] == [EN("clipping.failed", update=3)] * 2
    assert EN("clipping.threshold_line", threshold="1") in [
        note.text for note in figure.layout.annotations
    ]


def test_every_number_before_and_after() -> None:
    before = np.array([0.5, -2.0, 1.0])
    after = {"none": before, "value": np.clip(before, -1, 1)}
    figure = numbers_figure(before, after, EN, dark=False)
    assert [list(one.x) for one in figure.data] == [[-2.0, 0.5, 1.0]] * 2
    assert list(figure.data[1].y) == [-1.0, 0.5, 1.0]


def test_steps_without_a_part_have_no_bar() -> None:
    before = np.array([0.0, 1e-5, 1e-2, 1.0])
    figure = steps_figure(before, before / 2, EN, dark=False)
    assert np.isnan(figure.data[0].y[0])
    np.testing.assert_allclose(figure.data[1].y[1:], before[1:] / 2)
    low, high = figure.layout.yaxis.range
    assert low < -5 < 0 < high


def test_the_losses_are_running_means() -> None:
    run = [Update(float(value), 1.0, 1.0) for value in (3, 1, 2)]
    figure = loss_figure({"none": run}, 1 / 3, 10, EN, dark=False)
    np.testing.assert_allclose(figure.data[0].y, [3.0, 2.0, 2.0])
