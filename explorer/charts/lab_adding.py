"""The adding problem while it is learned: error over the seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.charts.lab_race import HEIGHT, look_of, with_legend
from explorer.charts.look import INK, finish
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go


@drawn
def adding_figure(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    labels: Mapping[str, str],
    *,
    baseline: float,
    wanted: float,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Mean squared error over the seconds of training, logarithmic, one curve a cell."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for kind, points in curves.items():
        colour, dash = look_of(kind, dark)
        figure.add_scatter(
            x=[seconds for seconds, _ in points],
            y=[error for _, error in points],
            name=labels[kind],
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": dash},
            marker={"size": 5},
        )
    for value, key in ((baseline, "memory.always_one"), (wanted, "memory.wanted")):
        figure.add_hline(y=value, line={"color": INK[dark], "dash": "dash", "width": 1})
        figure.add_annotation(
            x=0.995, xref="paper", xanchor="right", y=log10(value), yanchor="bottom",
            text=texts(key, value=f"{value:.3g}"), showarrow=False,
            font={"size": 13, "color": INK[dark]},
        )  # fmt: skip
    figure.update_xaxes(title=texts("memory.seconds"), rangemode="tozero")
    figure.update_yaxes(title=texts("memory.error"), type="log", range=[-3, -0.5], dtick=1)
    return with_legend(finish(figure, height=HEIGHT, dark=dark), dark)
