"""Words as closed lines over directions arranged in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash")


@drawn
def polar_figure(
    coordinates: np.ndarray, words: Sequence[str], formulas: Sequence[str], *, dark: bool = False
) -> go.Figure:
    """Cosine of each word with each direction, the ring in the middle at 0.

    coordinates: (word, direction). Both ends of the radius are the largest cosine there is.
    """
    import plotly.graph_objects as go

    names = [shown(formula, 26) for formula in formulas]
    reach = 1.05 * max(float(np.abs(coordinates).max(initial=0)), 0.05)
    figure = go.Figure()
    for number, (word, row) in enumerate(zip(words, coordinates)):
        colours = GROUPS[dark]
        figure.add_scatterpolar(
            r=[*row, row[0]],
            theta=[*names, names[0]],
            name=shown(word),
            mode="lines+markers",
            line={
                "color": colours[number % len(colours)],
                "dash": DASHES[number // len(colours) % len(DASHES)],
            },
            hovertemplate="%{theta}: %{r:.3f}<extra>%{fullData.name}</extra>",
        )
    ink = {"color": INK[dark], "size": 13}
    faint = {"gridcolor": "rgba(128,128,128,0.3)", "linecolor": "rgba(128,128,128,0.5)"}
    figure.update_layout(
        height=440,
        margin={"l": 130, "r": 130, "t": 30, "b": 30},
        font={"size": 13},
        legend={"orientation": "h", "y": -0.08, "yanchor": "top", "font": ink},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {"range": [-reach, reach], "nticks": 5, "tickfont": ink, **faint},
            "angularaxis": {"direction": "clockwise", "tickfont": ink, **faint},
        },
    )
    return figure
