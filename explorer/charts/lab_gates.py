"""Charts of the page on gates: half-lives, and what reset and update gates are good for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHORTEST = 0.1
SMALLEST = 1e-4
FAINTEST = 0.01
HEIGHT = 400


@drawn
def lasting_figure(
    by_gate: np.ndarray,
    measured: np.ndarray,
    unit: int,
    longest: int,
    gate: str,
    texts: Texts,
    *,
    dark: bool = False,
) -> go.Figure:
    """Half-life by the gate (across) and as measured (up), one dot a unit, both logarithmic.

    A unit that has not lost half within ``longest`` steps is drawn there, as a triangle.
    """
    import plotly.graph_objects as go

    blue, orange = GROUPS[dark][:2]
    across, up = (np.clip(values, SHORTEST, longest) for values in (by_gate, measured))
    figure = go.Figure()
    ends = [SHORTEST * 0.8, longest * 1.25]
    figure.add_scatter(
        x=ends, y=ends, mode="lines", line={"color": INK[dark], "dash": "dot"}, hoverinfo="skip"
    )
    chosen = np.arange(len(across)) == unit
    figure.add_scatter(
        x=across,
        y=up,
        mode="markers",
        marker={
            "size": np.where(chosen, 16, 10),
            "color": np.where(chosen, orange, blue),
            "symbol": np.where(measured >= longest, "triangle-up", "circle"),
            "line": {"width": 1, "color": "white"},
        },
        customdata=np.stack((np.arange(len(across)), by_gate, measured), axis=-1),
        hovertemplate=texts("gates.lasting_hover") + "<extra></extra>",
    )
    log = {"type": "log", "range": [float(np.log10(end)) for end in ends], "dtick": 1}
    figure.update_xaxes(title=texts("gates.by_gate", gate=gate), **log)
    figure.update_yaxes(title=texts("gates.measured"), **log)
    figure.update_layout(title_text=texts("gates.lasting_title"))
    return finish(figure, height=HEIGHT, dark=dark)


@drawn
def left_figure(
    own: np.ndarray,
    kept: np.ndarray,
    whole: np.ndarray,
    unit: int,
    gate: str,
    texts: Texts,
    *,
    dark: bool = False,
) -> go.Figure:
    """What is left of a disturbance in one unit, step by step: (gap,) each."""
    import plotly.graph_objects as go

    blue, orange, green = GROUPS[dark][:3]
    figure = go.Figure()
    curves = (
        (kept, texts("gates.kept", gate=gate), blue, 7, "solid"),
        (np.abs(own), texts("gates.own"), orange, 3, "solid"),
        (whole, texts("gates.elsewhere"), green, 3, "dot"),
    )
    # the gates' line is wide, so that a measured one that agrees with it can still be seen
    for values, name, colour, width, dash in curves:
        figure.add_scatter(
            y=np.clip(values, FAINTEST, None),
            name=name,
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            hovertemplate="%{x}: %{y:.3f}",
        )
    figure.add_hline(y=0.5, line={"color": INK[dark], "width": 1, "dash": "dot"})
    figure.update_xaxes(title=texts("gates.gap"))
    ends = (FAINTEST, max(1.5, 1.2 * float(np.nanmax(whole))))
    figure.update_yaxes(
        type="log", title=texts("gates.left"), range=[float(np.log10(end)) for end in ends], dtick=1
    )
    return finish(figure, height=HEIGHT, dark=dark).update_layout(
        title_text=texts("gates.left_title", unit=unit),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -0.24, "yanchor": "top", "font": {"size": 13}},
    )


@drawn
def reach_figure(
    update: np.ndarray, reset: np.ndarray, reach: np.ndarray, texts: Texts, *, dark: bool = False
) -> go.Figure:
    """How far back each unit depends, over its mean update gate and over its mean reset gate."""
    from plotly.subplots import make_subplots

    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.06)
    for column, (values, name) in enumerate(((update, "update_gate"), (reset, "reset_gate")), 1):
        figure.add_scatter(
            x=values,
            y=reach,
            mode="markers",
            marker={"size": 10, "color": GROUPS[dark][column - 1]},
            customdata=np.arange(len(reach)),
            hovertemplate=texts("gates.reach_hover") + "<extra></extra>",
            row=1,
            col=column,
        )
        label = texts("gates.mean_gate", gate=texts(f"player.signal_{name}").lower())
        figure.update_xaxes(title=label, range=[-0.03, 1.03], row=1, col=column)
    figure.update_yaxes(title=texts("gates.reach"), row=1, col=1)
    figure.update_layout(title_text=texts("gates.reach_title"))
    return finish(figure, height=HEIGHT, dark=dark)


@drawn
def blocked_figure(
    curves: Mapping[str, np.ndarray], texts: Texts, *, dark: bool = False
) -> go.Figure:
    """How much of the dependence is left at each gap when a gate is held; 1 is as trained."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for colour, (name, left) in zip(GROUPS[dark], curves.items()):
        values = np.clip(left, SMALLEST, None)
        gaps = np.arange(1, len(left) + 1)
        figure.add_scatter(
            x=gaps,
            y=values,
            name=texts(f"gates.blocked_{name}"),
            mode="lines",
            line={"color": colour, "width": 3},
            hovertemplate="%{x}: ×%{y:.3g}",
        )
    figure.add_hline(y=1, line={"color": INK[dark], "width": 1, "dash": "dot"})
    figure.update_xaxes(title=texts("gates.gap_back"))
    figure.update_yaxes(
        type="log", title=texts("gates.blocked_axis"), dtick=1, exponentformat="power"
    )
    return finish(figure, height=HEIGHT, dark=dark).update_layout(
        title_text=texts("gates.blocked_title"),
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top", "font": {"size": 13}},
    )
