"""The chart of what a text costs: one curve a way of writing, and labels that are only text."""

import numpy as np
import pytest

from explorer.charts.gallery_generate import cost_figure
from explorer.language import LANGUAGES, texts_of

CURVES = {"Greedy": np.array([1.0, 1.5, 4.0]), "<b>$x$": np.array([0.5, 3.0])}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_every_way_of_writing_has_a_curve(language: str, dark: bool) -> None:
    texts = texts_of(language)
    figure = cost_figure(CURVES, texts, dark=dark)
    assert [list(trace.x) for trace in figure.data] == [[1, 2, 3], [1, 2]]
    assert [list(trace.y) for trace in figure.data] == [list(bits) for bits in CURVES.values()]
    assert figure.data[1].name == "&lt;b&gt;$x$"
    assert figure.layout.yaxis.title.text == texts("generate.cost_y")
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == 2
