"""Charts of the page on tagging: F1 of networks beside what others report, and a file's phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown

ROW, MARGIN = 27, 95


@drawn
def atis_figure(
    ours: Mapping[str, Sequence[float]],
    elsewhere: Mapping[str, float],
    labels: Sequence[str],
    *,
    dark: bool,
) -> go.Figure:
    """F1 in percent: the runs of each network with their mean, and published numbers below.

    labels: of a run, a mean, a published number, and the axis.
    """
    run, mean, published, axis = labels
    colours = GROUPS[dark]
    names = [*ours, *elsewhere]
    figure = go.Figure()
    figure.add_scatter(
        x=[score for scores in ours.values() for score in scores],
        y=[shown(name, 60) for name, scores in ours.items() for _ in scores],
        mode="markers",
        name=run,
        marker={"size": 9, "color": colours[0], "opacity": 0.45},
    )
    figure.add_scatter(
        x=[sum(scores) / len(scores) for scores in ours.values()],
        y=[shown(name, 60) for name in ours],
        mode="markers",
        name=mean,
        marker={"size": 15, "color": colours[0], "symbol": "line-ns", "line": {"width": 3}},
    )
    figure.data[1].marker.line.color = colours[0]
    figure.add_scatter(
        x=list(elsewhere.values()),
        y=[shown(name, 60) for name in elsewhere],
        mode="markers",
        name=published,
        marker={"size": 11, "color": colours[1], "symbol": "diamond"},
    )
    means = {name: sum(scores) / len(scores) for name, scores in ours.items()}
    _write_beside(figure, means | dict(elsewhere), dark=dark)
    finish(figure, height=MARGIN + ROW * len(names) + 20, dark=dark)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 13}},
        margin={"t": 40, "r": 60},
    )
    figure.update_yaxes(
        autorange="reversed", categoryorder="array", categoryarray=[shown(n, 60) for n in names]
    )
    figure.update_xaxes(title=axis)
    return figure


def _write_beside(figure: go.Figure, scores: Mapping[str, float], *, dark: bool) -> None:
    """The numbers in a column of their own, where no marker is in their way."""
    for name, score in scores.items():
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=shown(name, 60),
            text=f"{score:.2f}",
            showarrow=False,
            font={"color": INK[dark], "size": 13},
        )


@drawn
def kinds_figure(counts: Mapping[str, int], axis: str, *, dark: bool) -> go.Figure:
    """How often each kind of phrase occurs, the most frequent on top."""
    figure = go.Figure(
        go.Bar(
            x=list(counts.values()),
            y=[shown(kind, 28) for kind in counts],
            orientation="h",
            marker={"color": GROUPS[dark][0]},
            text=[f"{count:,}" for count in counts.values()],
            textposition="outside",
            textfont={"color": INK[dark], "size": 13},
            cliponaxis=False,
        )
    )
    finish(figure, height=MARGIN + 22 * len(counts), dark=dark)
    figure.update_yaxes(autorange="reversed")
    room = 1.2 * max(counts.values(), default=1)  # for the number beside the longest bar
    figure.update_xaxes(title=axis, range=[0, room])
    return figure
