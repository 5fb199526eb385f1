"""Curves of the page on training in practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import AMOUNT, GROUPS, INK, finish, scale
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
HEIGHT = 430


class State(NamedTuple):
    """One curve: what it is called, where, and how high."""

    label: str
    x: np.ndarray
    y: np.ndarray


@drawn
def curves_figure(
    curves: Sequence[State],
    *,
    across: str,
    up: str,
    dark: bool,
    level: float | None = None,
    log: tuple[bool, bool] = (False, False),
) -> go.Figure:
    """Curves over one axis; a dotted ``level`` where there is one to compare with. log: (x, y)."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for colour, dash, curve in zip(GROUPS[dark], DASHES, curves, strict=False):
        figure.add_scatter(
            x=curve.x,
            y=curve.y,
            name=curve.label,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": dash},
            marker={"size": 6},
        )
    if level is not None:
        figure.add_hline(y=level, line={"color": INK[dark], "dash": "dot", "width": 1.5})
    figure.update_xaxes(title=across)
    if log[0]:
        figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(title=up, type="log" if log[1] else None)
    if not log[1]:
        figure.update_yaxes(rangemode="tozero")
    return _with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


@drawn
def starts_figure(
    eigenvalues: Sequence[State], gradients: Sequence[State], texts: Texts, *, dark: bool
) -> go.Figure:
    """Left: eigenvalues on the plane. Right: what is left of a gradient over the gap."""
    from plotly.subplots import make_subplots

    titles = (texts("practice.plane"), texts("practice.gradient"))
    figure = make_subplots(
        1, 2, subplot_titles=titles, horizontal_spacing=0.1, column_widths=[2, 3]
    )
    turn = np.linspace(0, 2 * np.pi, 121)
    figure.add_scatter(
        x=np.cos(turn), y=np.sin(turn), mode="lines", showlegend=False, hoverinfo="skip",
        line={"color": INK[dark], "width": 1, "dash": "dot"}, row=1, col=1,
    )  # fmt: skip
    looks = zip(GROUPS[dark], DASHES, eigenvalues, gradients, strict=False)
    for place, (colour, dash, values, left) in enumerate(looks):
        figure.add_scatter(
            x=values.x, y=values.y, mode="markers", name=values.label, legendgroup=values.label,
            showlegend=False, marker={"color": colour, "size": 9 - place, "opacity": 0.8},
            row=1, col=1,
        )  # fmt: skip
        figure.add_scatter(
            x=left.x, y=left.y, mode="lines", name=left.label, legendgroup=left.label,
            line={"color": colour, "width": 3, "dash": dash}, row=1, col=2,
        )  # fmt: skip
    finish(figure, height=HEIGHT, dark=dark)
    figure.update_yaxes(scaleanchor="x", constrain="domain", range=[-1.3, 1.3], row=1, col=1)
    figure.update_xaxes(constrain="domain", range=[-1.3, 1.3], row=1, col=1)
    figure.update_xaxes(title=texts("practice.gap"), row=1, col=2)
    figure.update_yaxes(type="log", exponentformat="power", row=1, col=2)
    figure.update_annotations(font={"size": 14, "color": INK[dark]})
    return _with_legend(figure, dark)


@drawn
def surprise_figure(
    bits: np.ndarray, tokens: Sequence[str], mean: float, even: float, texts: Texts, *, dark: bool
) -> go.Figure:
    """Bits for every character, its mean, and what guessing evenly would cost."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_bar(
        x=list(range(len(bits))),
        y=bits,
        customdata=np.stack((np.array(tokens), np.exp2(-bits)), axis=-1),
        marker={
            "color": bits, "colorscale": scale(AMOUNT[dark][1:]), "cmin": 0, "cmax": even,
            "line": {"width": 0.5, "color": INK[dark]},
        },
        hovertemplate=texts("practice.surprise_hover") + "<extra></extra>",
    )  # fmt: skip
    for value, key in ((mean, "practice.mean_line"), (even, "practice.even_line")):
        figure.add_hline(
            y=value, line={"color": INK[dark], "dash": "dot", "width": 1.5},
            annotation={"text": texts(key, bits=f"{value:.2f}"), "font": {"size": 13}},
            annotation_position="top right",
        )  # fmt: skip
    figure.update_xaxes(tickvals=list(range(len(tokens))), ticktext=list(tokens), tickangle=0)
    figure.update_yaxes(title=texts("practice.bits"))
    return finish(figure, height=HEIGHT, dark=dark)


def _with_legend(figure: go.Figure, dark: bool) -> go.Figure:
    ink = {"size": 14, "color": INK[dark]}
    legend = {"orientation": "h", "y": -0.2, "font": ink}
    return figure.update_layout(showlegend=True, legend=legend, margin={"t": 30, "b": 10})
