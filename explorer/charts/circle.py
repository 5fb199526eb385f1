"""Points of a circle in space, the axes that PCA finds, and how much each axis says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.embeddings.circle import PrincipalAxes
from explorer.charts.look import GROUPS, finish

if TYPE_CHECKING:
    import plotly.graph_objects as go

REACH = 1.4
ARM = 1.4  # how far the axes are drawn to either side


def space_figure(
    points: np.ndarray,
    found: PrincipalAxes,
    *,
    names: tuple[str, str, str],
    title: str = "",
    dark: bool = False,
    height: int = 440,
) -> go.Figure:
    """The points in space, and the principal axes with the share of the variance along each."""
    import plotly.graph_objects as go

    colours = GROUPS[dark]
    figure = go.Figure(
        go.Scatter3d(
            **_columns(points),
            mode="markers",
            marker={"size": 3, "color": colours[5], "opacity": 0.75},
            hovertemplate="x %{x:.2f}, y %{y:.2f}, z %{z:.2f}<extra></extra>",
        )
    )
    for number, name in enumerate(names):
        arm = ARM * found.axes[number]
        figure.add_scatter3d(
            **_columns(np.stack([found.mean - arm, found.mean + arm])),
            mode="lines+text",
            line={"width": 7, "color": colours[number]},
            text=["", f"{name} {100 * found.shares[number]:.1f}%"],
            textposition="top center",
            textfont={"color": colours[number], "size": 14},
            hoverinfo="skip",
        )
    reach = max(REACH, float(np.abs(points).max()))
    side = {"range": [-reach, reach], "showspikes": False, "nticks": 4}
    figure.update_layout(
        title_text=title,
        uirevision="kept",
        scene={
            "xaxis": side,
            "yaxis": side,
            "zaxis": side,
            "aspectmode": "cube",
            "camera": {"eye": {"x": 1.4, "y": 1.05, "z": 0.65}, "center": {"z": -0.06}},
        },
    )
    return finish(figure, height=height)


def flat_figure(
    found: PrincipalAxes, *, axis: str, title: str = "", dark: bool = False, height: int = 250
) -> go.Figure:
    """The points by their first two principal coordinates, both axes at one scale."""
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Scatter(
            x=found.coordinates[:, 0],
            y=found.coordinates[:, 1],
            mode="markers",
            marker={"size": 4, "color": GROUPS[dark][5]},
            hovertemplate="(%{x:.2f}, %{y:.2f})<extra></extra>",
        )
    )
    figure.update_layout(title_text=title)
    for place, update in enumerate((figure.update_xaxes, figure.update_yaxes)):
        label = axis.format(number=place + 1, share=f"{100 * found.shares[place]:.0f}%")
        update(
            title_text=label,
            title_standoff=4,
            showticklabels=False,
            showgrid=False,
            zeroline=False,
        )
    figure.update_yaxes(scaleanchor="x")
    return finish(figure, height=height)


def _columns(points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip("xyz", points.T))
