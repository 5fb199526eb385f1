"""A figure is drawn once for the same numbers, and again for others."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from explorer.charts.drawn import drawn
from explorer.language import texts_of


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def draw(calls: list[str]):
    @drawn
    def curve(rows: dict[str, np.ndarray], texts, *, dark: bool = False) -> go.Figure:
        """A curve."""
        calls.append(texts.language)
        return go.Figure([go.Scatter(y=row, name=name) for name, row in rows.items()])

    # each test has a function of its own, and so a name of its own
    curve.__wrapped__.__qualname__ += str(id(calls))
    return drawn(curve.__wrapped__)


def rows(last: float = 3.0) -> dict[str, np.ndarray]:
    return {"a": np.array([1.0, 2.0, last])}


def test_equal_numbers_in_other_objects_are_drawn_once(draw, calls: list[str]) -> None:
    first = draw(rows(), texts_of("en"))
    assert draw(rows(), texts_of("en")) is first
    assert calls == ["en"]
    assert (draw.__name__, draw.__doc__) == ("curve", "A curve.")


def test_one_number_a_language_or_an_option_makes_another(draw, calls: list[str]) -> None:
    first = draw(rows(), texts_of("en"))
    others = [
        draw(rows(3.0000001), texts_of("en")),
        draw({"b": rows()["a"]}, texts_of("en")),
        draw(rows(), texts_of("zh")),
        draw(rows(), texts_of("en"), dark=True),
    ]
    assert all(other is not first for other in others)
    assert others[0].data[0].y[-1] == 3.0000001
    assert calls == ["en", "en", "en", "zh", "en"]
