"""First weights: their spectral radius over the size, and the gradient that they pass on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
LOWEST = -12


class Initial(Protocol):
    """What a curve needs to know of one way to draw the first weights."""

    @property
    def name(self) -> str: ...

    @property
    def radii(self) -> np.ndarray: ...

    @property
    def gradient(self) -> np.ndarray: ...


@drawn
def scale_figure(
    scales: Sequence[Initial], sizes: Sequence[int], texts: Texts, *, dark: bool
) -> go.Figure:
    """Left: measured radii over n, with their spread. Right: the gradient over the gap."""
    from plotly.subplots import make_subplots

    titles = (texts("vanishing.scale_radius"), texts("vanishing.scale_gradient"))
    figure = make_subplots(1, 2, subplot_titles=titles, horizontal_spacing=0.09)
    for place, (colour, dash, scale) in enumerate(zip(GROUPS[dark], DASHES, scales, strict=False)):
        label = texts(f"vanishing.initial_{scale.name}")
        middle = scale.radii.mean(axis=1)
        line = {"color": colour, "width": 3, "dash": dash}
        figure.add_scatter(
            x=[size * (1 + 0.04 * place) for size in sizes],
            y=middle,
            error_y={
                "array": scale.radii.max(axis=1) - middle,
                "arrayminus": middle - scale.radii.min(axis=1),
                "thickness": 1.5,
            },
            name=label,
            legendgroup=scale.name,
            mode="lines+markers",
            line=line,
            row=1,
            col=1,
        )
        figure.add_scatter(
            x=list(range(len(scale.gradient))),
            y=np.where(scale.gradient < LOWEST, np.nan, scale.gradient),
            name=label,
            legendgroup=scale.name,
            showlegend=False,
            mode="lines",
            line=line,
            hovertemplate=f"10^%{{y:.2f}}<extra>{label}</extra>",
            row=1,
            col=2,
        )
    return _styled(figure, texts, dark)


def _styled(figure: go.Figure, texts: Texts, dark: bool) -> go.Figure:
    finish(figure, height=430, dark=dark)
    figure.add_hline(y=1, line={"dash": "dot", "width": 1.5}, row=1, col=1)
    figure.update_xaxes(type="log", tickvals=[4, 8, 16, 32, 64, 128], row=1, col=1)
    figure.update_xaxes(title_text=texts("vanishing.scale_units"), row=1, col=1)
    figure.update_xaxes(title_text=texts("player.decay_gap"), row=1, col=2)
    figure.update_annotations(font={"size": 14, "color": INK[dark]})
    figure.update_yaxes(title_text="ρ(U)", rangemode="tozero", row=1, col=1)
    figure.update_yaxes(tickprefix="10<sup>", ticksuffix="</sup>", row=1, col=2)
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.2, "font": {"size": 14}},
        margin={"t": 36, "b": 10},
    )
