"""Words over directions arranged in a circle."""

import numpy as np

from explorer.charts.polar import polar_figure


def test_each_word_is_a_closed_line() -> None:
    places = np.array([[0.5, -0.2, 0.1], [0.0, 0.9, -1.0]])
    formulas = ["king - queen", "<b>", "x" * 40]
    figure = polar_figure(places, ["a", "<i>"], formulas)
    assert [list(trace.r) for trace in figure.data] == [[0.5, -0.2, 0.1, 0.5], [0, 0.9, -1, 0]]
    assert list(figure.data[0].theta) == [
        "king - queen",
        "&lt;b&gt;",
        "x" * 25 + "…",
        "king - queen",
    ]
    assert [trace.name for trace in figure.data] == ["a", "&lt;i&gt;"]
    low, high = figure.layout.polar.radialaxis.range
    assert -low == high > 1


def test_a_direction_without_words_is_drawn_empty() -> None:
    assert polar_figure(np.zeros((0, 2)), [], ["a", "b"], dark=True).data == ()
