"""Charts of translation: where a decoder looks, how mistakes add up, which inputs are hard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import AMOUNT, GROUPS, INK, finish, scale, shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

SIGN = 15  # size of the letters along the axes


@drawn
def attention_figure(
    weights: np.ndarray,
    source: Sequence[str],
    written: Sequence[str],
    *,
    labels: tuple[str, str],
    dark: bool,
    height: int = 400,
) -> go.Figure:
    """Rows: what was written. Columns: what was read. weights (written, source), 0 to 1.

    labels: of the columns and of the rows.
    """
    import plotly.graph_objects as go

    named = [shown(" " if token == " " else token, 12) for token in source]
    figure = go.Figure(
        go.Heatmap(
            z=weights,
            zmin=0,
            zmax=1,
            colorscale=scale(AMOUNT[dark]),
            xgap=1,
            ygap=1,
            customdata=np.broadcast_to(np.array(named, dtype=object), weights.shape),
            text=[[shown(token)] * len(source) for token in written],
            hovertemplate="%{text} ← %{customdata}: %{z:.3f}<extra></extra>",
            colorbar={"thickness": 12, "len": 0.9, "tickfont": {"color": INK[dark]}},
        )
    )
    words = max(map(len, named), default=1) > 2
    ticks = {"tickmode": "array", "tickfont": {"size": SIGN, "color": INK[dark]}}
    finish(figure, height=height, dark=dark)
    figure.update_xaxes(
        **ticks,
        tickvals=list(range(len(source))),
        ticktext=[name.replace(" ", "␣") for name in named],
        tickangle=-45 if words else 0,
        title=labels[0],
        side="bottom",
    )
    figure.update_yaxes(
        **ticks,
        tickvals=list(range(len(written))),
        ticktext=[shown(token) for token in written],
        autorange="reversed",
        title=labels[1],
    )
    return figure


@drawn
def mistakes_figure(
    wrong: np.ndarray, names: Sequence[str], *, labels: tuple[str, str], dark: bool
) -> go.Figure:
    """The share of wrong tokens at each step, a line for each share of help.

    wrong: (line, step) from 0 to 1.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    steps = list(range(1, wrong.shape[1] + 1))
    for number, (name, line) in enumerate(zip(names, wrong, strict=True)):
        figure.add_scatter(
            x=steps,
            y=100 * line,
            name=shown(name, 40),
            mode="lines+markers",
            line={"color": GROUPS[dark][number % 6], "width": 2.5},
            hovertemplate=f"{shown(name, 40)}: %{{y:.1f}}%<extra></extra>",
        )
    finish(figure, height=360, dark=dark)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.16, "x": 0, "font": {"size": 13, "color": INK[dark]}},
        margin={"t": 50},
    )
    figure.update_xaxes(title=labels[0], dtick=1)
    figure.update_yaxes(title=labels[1], rangemode="tozero", ticksuffix="%")
    return figure


@drawn
def lengths_figure(
    rows: Sequence[tuple[str, Sequence[tuple[str, float, int]]]],
    *,
    labels: tuple[str, str],
    dark: bool,
) -> go.Figure:
    """The share of exact answers by length of the input, side by side for several networks.

    rows: (network, ((range, share, how many), ...)).
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for number, (name, bars) in enumerate(rows):
        figure.add_bar(
            x=[label for label, _, _ in bars],
            y=[100 * share for _, share, _ in bars],
            customdata=[count for _, _, count in bars],
            name=shown(name, 40),
            marker={"color": GROUPS[dark][number % 6]},
            hovertemplate=f"{shown(name, 40)}: %{{y:.1f}}% (n = %{{customdata}})<extra></extra>",
        )
    finish(figure, height=360, dark=dark)
    figure.update_layout(
        barmode="group",
        showlegend=True,
        legend={"orientation": "h", "y": 1.16, "x": 0, "font": {"size": 13, "color": INK[dark]}},
        margin={"t": 50},
    )
    figure.update_xaxes(title=labels[0], type="category")
    figure.update_yaxes(title=labels[1], range=[0, 105], ticksuffix="%")
    return figure
