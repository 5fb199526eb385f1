"""Curves of a few named things over lengths or letters, each with its name at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 400


@drawn
def lengths_figure(
    lengths: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    *,
    labels: tuple[str, str],
    title: str,
    dark: bool = False,
) -> go.Figure:
    """Amounts over lengths, both logarithmic, one curve a name."""
    figure = _curves(lengths, curves, dark)
    figure.update_layout(title_text=title)
    figure.update_xaxes(type="log", title_text=labels[0], title_standoff=4, dtick=1)
    figure.update_yaxes(type="log", title_text=labels[1], title_standoff=4, dtick=1)
    return _with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


@drawn
def letters_figure(
    letters: Sequence[str],
    curves: Mapping[str, Sequence[float]],
    *,
    labels: tuple[str, str],
    title: str,
    dark: bool = False,
) -> go.Figure:
    """Shares from 0 to 1 over the letters of a text, one curve a name."""
    places = list(range(len(letters)))
    figure = _curves(places, curves, dark)
    figure.update_layout(title_text=title)
    figure.update_xaxes(
        tickvals=places,
        ticktext=[shown(letter) for letter in letters],
        title_text=labels[0],
        title_standoff=4,
    )
    figure.update_yaxes(rangemode="tozero", title_text=labels[1], title_standoff=4, nticks=6)
    return _with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


def _curves(
    places: Sequence[float], curves: Mapping[str, Sequence[float]], dark: bool
) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for colour, (name, values) in zip(GROUPS[dark], curves.items()):
        figure.add_scatter(
            x=list(places),
            y=list(values),
            name=shown(name, 40),
            mode="lines+markers",
            line={"width": 3, "color": colour},
            marker={"size": 7},
        )
    return figure


def _with_legend(figure: go.Figure, dark: bool) -> go.Figure:
    figure.update_layout(
        showlegend=True,
        margin={"t": 64},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "font": {"size": 13, "color": INK[dark]},
        },
    )
    return figure
