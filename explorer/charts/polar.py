"""Words as closed lines over directions arranged in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import plotly.graph_objects as go


def polar_figure(
    coordinates: np.ndarray, words: Sequence[str], formulas: Sequence[str]
) -> go.Figure:
    """Cosine of each word with each direction: outside +1, in the middle -1, the ring at 0.

    coordinates: (word, direction).
    """
    import plotly.graph_objects as go

    names = [escape(formula if len(formula) < 28 else formula[:27] + "…") for formula in formulas]
    figure = go.Figure()
    for word, row in zip(words, coordinates):
        figure.add_scatterpolar(
            r=[*row, row[0]],
            theta=[*names, names[0]],
            name=escape(word[:30]),
            mode="lines+markers",
            hovertemplate="%{theta}: %{r:.3f}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(
        height=430,
        margin={"l": 60, "r": 60, "t": 40, "b": 40},
        font={"size": 14},
        polar={
            "radialaxis": {"range": [-1, 1], "tickvals": [-0.5, 0, 0.5], "angle": 90},
            "angularaxis": {"direction": "clockwise"},
        },
    )
    return figure
