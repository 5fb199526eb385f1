"""Representations of words as charts: matrices, words in a plane, curves, bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import AMOUNT, GROUPS, INK, SIGNED, finish, scale, shown
from explorer.charts.placing import place_labels

if TYPE_CHECKING:
    import plotly.graph_objects as go

LONGEST_ROW = 28
MOST_NUMBERS = 400  # cells of a matrix that still have room for their numbers


@drawn
def matrix_figure(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str = "",
    dark: bool = False,
    signed: bool = False,
    height: int = 300,
    digits: int | None = 2,
) -> go.Figure:
    """A matrix as coloured cells, with its numbers where there is room and ``digits`` says how.

    Signed values are coloured from -1 to 1 around the page's colour, others from 0 up.
    """
    import plotly.graph_objects as go

    labels = [[shown(label, LONGEST_ROW) for label in rows], [shown(label) for label in columns]]
    text = [[_number(value, digits) for value in row] for row in values]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-1 if signed else 0,
            zmax=1 if signed else max(1e-9, float(np.max(values, initial=0.0))),
            colorscale=scale((SIGNED if signed else AMOUNT)[dark]),
            showscale=False,
            xgap=1,
            ygap=1,
            text=text,
            texttemplate="%{text}" if digits is not None and values.size <= MOST_NUMBERS else None,
            customdata=[[(row, column) for column in labels[1]] for row in labels[0]],
            hovertemplate="%{customdata[0]} · %{customdata[1]}: %{z:.3g}<extra></extra>",
        )
    )
    figure.update_layout(title_text=title)
    figure.update_xaxes(
        tickvals=list(range(len(columns))), ticktext=labels[1], showgrid=False, zeroline=False
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=labels[0],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    return finish(figure, height=height, dark=dark)


@drawn
def plane_figure(
    points: np.ndarray,
    shares: np.ndarray,
    words: Sequence[str],
    groups: Sequence[int],
    *,
    axis: str,
    title: str = "",
    dark: bool = False,
    width: int = 400,
    height: int = 420,
    font: int = 13,
) -> go.Figure:
    """Words at their first two principal coordinates.

    ``axis`` is a label with places for ``number`` and ``share``, the axis's explained variance.
    """
    import plotly.graph_objects as go

    colours = GROUPS[dark]
    ranges = (_range(points[:, 0]), _range(points[:, 1]))
    inside = (width - 40.0, height - 75.0)  # less the margins and the axes' labels
    places = place_labels(points, words, ranges=ranges, size=inside, font=font)
    figure = go.Figure(
        go.Scatter(
            x=points[:, 0],
            y=points[:, 1],
            mode="markers+text",
            text=[shown(word) for word in words],
            textposition=places,
            textfont={"size": font, "color": [colours[g % len(colours)] for g in groups]},
            marker={"size": 8, "color": [colours[group % len(colours)] for group in groups]},
            cliponaxis=False,
            hovertemplate="%{text} (%{x:.3f}, %{y:.3f})<extra></extra>",
        )
    )
    figure.update_layout(title_text=title)
    for place, update in enumerate((figure.update_xaxes, figure.update_yaxes)):
        label = axis.format(number=place + 1, share=f"{100 * shares[place]:.0f}%")
        update(
            title_text=label,
            title_standoff=4,
            range=ranges[place],
            showticklabels=False,
            showgrid=False,
            zeroline=False,
        )
    return finish(figure, height=height, dark=dark)


@drawn
def growth_figure(
    words_read: np.ndarray,
    found: np.ndarray,
    *,
    labels: tuple[str, str],
    title: str = "",
    share: bool = False,
    dark: bool = False,
    height: int = 260,
) -> go.Figure:
    """What was found over the words read, logarithmic: distinct words, or a share from 0 up."""
    import plotly.graph_objects as go

    form = ".1%" if share else ","
    figure = go.Figure(
        go.Scatter(
            x=words_read,
            y=found,
            mode="lines",
            line={"width": 3, "color": GROUPS[dark][3 if share else 0]},
            hovertemplate=f"{labels[0]}: %{{x:,}}<br>{labels[1]}: %{{y:{form}}}<extra></extra>",
        )
    )
    figure.update_layout(title_text=title)
    figure.update_xaxes(type="log", dtick=1, title_text=labels[0], title_standoff=4)
    if share:
        figure.update_yaxes(rangemode="tozero", tickformat=".0%", nticks=6)
    else:
        figure.update_yaxes(type="log", dtick=1, title_text=labels[1], title_standoff=4)
    return finish(figure, height=height, dark=dark)


@drawn
def bars_figure(
    names: Sequence[str],
    values: Sequence[float],
    *,
    title: str = "",
    colours: Sequence[str] = (),
    dark: bool = False,
    height: int = 260,
    digits: str = ".2f",
    sideways: bool = True,
) -> go.Figure:
    """One bar a name, with its number at its end."""
    import plotly.graph_objects as go

    places, labels = list(range(len(names))), [shown(name) for name in names]
    figure = go.Figure(
        go.Bar(
            x=list(values) if sideways else places,
            y=places if sideways else list(values),
            orientation="h" if sideways else "v",
            text=[f"{value:{digits}}" for value in values],
            textposition="outside",
            textfont={"color": INK[dark]},
            cliponaxis=False,
            marker_color=list(colours) or GROUPS[dark][0],
            hovertext=labels,
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(title_text=title, bargap=0.25)
    names_on, values_on = (
        (figure.update_yaxes, figure.update_xaxes)
        if sideways
        else (figure.update_xaxes, figure.update_yaxes)
    )
    names_on(tickvals=places, ticktext=labels, autorange="reversed" if sideways else None)
    top = 1.25 * max((abs(value) for value in values), default=1)
    values_on(showticklabels=False, showgrid=False, range=[min(0, *values), top])
    return finish(figure, height=height, dark=dark)


@drawn
def loss_figure(
    words_seen: Sequence[int],
    losses: Sequence[float],
    *,
    labels: tuple[str, str],
    title: str = "",
    dark: bool = False,
    height: int = 180,
) -> go.Figure:
    """The mean loss over the words seen."""
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Scatter(
            x=list(words_seen),
            y=list(losses),
            mode="lines",
            line={"width": 2.5, "color": GROUPS[dark][1]},
            hovertemplate=f"{labels[0]}: %{{x:,}}<br>{labels[1]}: %{{y:.3f}}<extra></extra>",
        )
    )
    figure.update_layout(title_text=title)
    figure.update_xaxes(title_text=labels[0], title_standoff=4, nticks=4)
    figure.update_yaxes(nticks=4)
    return finish(figure, height=height, dark=dark)


def _range(values: np.ndarray) -> tuple[float, float]:
    """The values with room for labels on either side."""
    low, high = float(values.min()), float(values.max())
    room = 0.15 * (high - low) or 1.0
    return low - room, high + room


def _number(value: float, digits: int | None) -> str:
    if digits is None or value == 0:
        return "0" if digits is not None else ""
    return f"{value:.{digits}f}" if value != round(value) or digits > 1 else f"{value:.0f}"
