"""Morse in noise: error rates over the signal-to-noise ratio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

TARGET = 0.03
DASHES = ("solid", "dash")


@drawn
def noise_figure(
    found: Mapping[float, tuple[float, float]],
    labels: tuple[str, str],
    texts: Texts,
    *,
    dark: bool = False,
) -> go.Figure:
    """Error rate in percent over decibels, one curve each for network and rule."""
    import plotly.graph_objects as go

    figure = go.Figure()
    levels = sorted(found)
    for which, label in enumerate(labels):
        errors = [100 * found[level][which] for level in levels]
        figure.add_scatter(
            x=levels,
            y=[min(error, 100.0) for error in errors],
            customdata=errors,
            name=shown(label, 40),
            mode="lines+markers",
            line={"color": GROUPS[dark][which], "width": 3, "dash": DASHES[which]},
            hovertemplate="%{x} dB: %{customdata:.1f}%",
        )
    figure.add_hline(y=100 * TARGET, line={"color": INK[dark], "dash": "dot", "width": 1})
    figure.update_xaxes(title=texts("signals.noise_axis"), dtick=5)
    figure.update_yaxes(title=texts("signals.error_axis"), range=[-2, 104])
    finish(figure, height=320, dark=dark)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.16, "font": {"size": 13, "color": INK[dark]}},
    )
    return figure
