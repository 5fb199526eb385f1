"""What a text costs a network: the sum of its surprises, token by token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


@drawn
def cost_figure(curves: Mapping[str, np.ndarray], texts: Texts, *, dark: bool = False) -> go.Figure:
    """-log2 of the probability of the text so far, over its tokens; one curve a way of writing."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for number, (name, bits) in enumerate(curves.items()):
        figure.add_scatter(
            x=np.arange(1, len(bits) + 1),
            y=bits,
            name=shown(name, 40),
            mode="lines",
            line={
                "color": GROUPS[dark][number % len(GROUPS[dark])],
                "width": 3,
                "dash": DASHES[number % len(DASHES)],
            },
        )
    figure.update_xaxes(title=texts("generate.cost_x"), rangemode="tozero")
    figure.update_yaxes(title=texts("generate.cost_y"), rangemode="tozero")
    finish(figure, height=330, dark=dark)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                "font": {"size": 13, "color": INK[dark]}},
    )  # fmt: skip
    return figure
