"""One step of negative sampling as a picture: scores, and the rows before and after."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from core.embeddings.lens import Step

DIVERGING = [[0, "#2166ac"], [0.5, "#f5f5f2"], [1, "#c4581c"]]
TRUE, DRAWN = "#1b7f6b", "#7a6fb0"


@drawn
def step_figure(step: Step, here: str, names: list[str], texts: Texts) -> go.Figure:
    """Left: the sigmoid of each score beside what it should be. Right: rows before, and the move.

    The move is drawn on its own scale, since a single step is small.
    """
    from plotly.subplots import make_subplots

    rows = [f"u · {escape(name)}" for name in names]
    labels = [f"v · {escape(here)}", *rows]
    before = np.vstack([step.hidden, step.outputs])
    move = np.vstack([step.hidden_after, step.outputs_after]) - before
    titles = (texts("lens.sigmoid"), texts("lens.before"), texts("lens.move"))
    figure = make_subplots(
        1, 3, column_widths=[0.3, 0.35, 0.35], horizontal_spacing=0.03, subplot_titles=titles
    )
    places = np.arange(len(labels))
    figure.add_bar(
        y=places[1:],
        x=step.probabilities,
        orientation="h",
        marker_color=[TRUE] + [DRAWN] * (len(rows) - 1),
        showlegend=False,
        hoverinfo="skip",
        row=1,
        col=1,
    )
    for place, (score, value) in enumerate(zip(step.scores, step.probabilities), start=1):
        figure.add_annotation(
            x=1.0,
            y=place,
            text=f"σ({score:.2f}) = {value:.2f} → {int(place == 1)}",
            showarrow=False,
            xanchor="right",
            row=1,
            col=1,
        )
    for column, values in ((2, before), (3, move)):
        largest = float(np.abs(values).max()) or 1.0
        figure.add_heatmap(
            z=values,
            y=places,
            colorscale=DIVERGING,
            zmin=-largest,
            zmax=largest,
            ygap=3,
            colorbar={
                "orientation": "h",
                "x": 0.5 if column == 2 else 0.85,
                "y": -0.32,
                "len": 0.28,
                "thickness": 10,
            },
            row=1,
            col=column,
        )
        figure.update_yaxes(showticklabels=False, row=1, col=column)
    figure.update_xaxes(range=[0, 1], row=1, col=1)
    span = [len(labels) - 0.5, -0.5]
    figure.update_yaxes(range=span, tickvals=places, ticktext=labels, tickfont_size=14)
    return figure.update_layout(
        height=430, margin={"l": 10, "r": 10, "t": 50, "b": 60}, font={"size": 14}
    )
