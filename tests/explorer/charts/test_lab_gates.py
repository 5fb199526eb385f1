"""The charts of the page on gates, on numbers that are known beforehand."""

import numpy as np
import pytest

from explorer.charts.lab_gates import blocked_figure, lasting_figure, left_figure, reach_figure
from explorer.language import LANGUAGES, texts_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_beyond_the_text_is_a_triangle_at_its_edge(language):
    by_gate, measured = np.array([2.0, np.inf, 0.0]), np.array([4.0, np.inf, 0.5])
    figure = lasting_figure(by_gate, measured, 1, 40, "gate", texts_of(language))
    dots = figure.data[1]
    np.testing.assert_allclose(dots.x, [2, 40, 0.1])
    np.testing.assert_allclose(dots.y, [4, 40, 0.5])
    assert list(dots.marker.symbol) == ["circle", "triangle-up", "circle"]
    assert dots.marker.size[1] > dots.marker.size[0]
    assert dots.marker.color[1] != dots.marker.color[0]
    np.testing.assert_array_equal(dots.customdata[:, 0], [0, 1, 2])


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_left_is_drawn_on_a_logarithmic_axis(dark):
    own, kept = np.array([1, -0.5, 1e-9]), np.array([1, 0.6, 0.3])
    whole = np.array([1, 5, 2.0])
    figure = left_figure(own, kept, whole, 3, "gate", texts_of("en"), dark=dark)
    lines = {line.name: line for line in figure.data}
    assert len(lines) == 3
    np.testing.assert_allclose(lines["measured, in this unit"].y, [1, 0.5, 0.01])
    np.testing.assert_allclose(lines["product of the gates"].y, kept)
    assert figure.layout.yaxis.type == "log"
    assert 10 ** figure.layout.yaxis.range[1] == pytest.approx(6)
    assert "3" in figure.layout.title.text


def test_both_gates_stand_over_the_same_distances():
    reach = np.array([3.0, 8.0])
    figure = reach_figure(np.array([0.1, 0.9]), np.array([0.7, 0.2]), reach, texts_of("en"))
    assert [list(dots.x) for dots in figure.data] == [[0.1, 0.9], [0.7, 0.2]]
    assert all(list(dots.y) == [3, 8] for dots in figure.data)
    assert "update gate" in figure.layout.xaxis.title.text
    assert "reset gate" in figure.layout.xaxis2.title.text


def test_what_is_blocked_starts_one_step_back_and_stays_on_the_axis():
    curves = {"copy": np.array([0.9, 0.4]), "blind": np.array([0.5, 1e-12])}
    figure = blocked_figure(curves, texts_of("zh"), dark=True)
    assert [list(line.x) for line in figure.data] == [[1, 2], [1, 2]]
    np.testing.assert_allclose(figure.data[1].y, [0.5, 1e-4])
    names = [texts_of("zh")(f"gates.blocked_{name}") for name in curves]
    assert [line.name for line in figure.data] == names
