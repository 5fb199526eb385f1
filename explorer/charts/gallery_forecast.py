"""A series with its forecasts: one step ahead, and running freely from a chosen moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 400
BEFORE = 130  # values shown before the start


@dataclass(frozen=True)
class Lines:
    """What is drawn: the truth from ``first`` on, and forecasts from ``start`` on."""

    times: tuple[str, ...]
    values: np.ndarray
    start: int
    one_step: np.ndarray
    free: np.ndarray
    linear: np.ndarray
    test_start: int


@drawn
def forecast_figure(lines: Lines, network: str, texts: Texts, *, dark: bool = False) -> go.Figure:
    """The truth as a line, the forecasts over it, the test part shaded, the start marked."""
    import plotly.graph_objects as go

    start, end = lines.start, min(lines.start + len(lines.free), len(lines.times))
    first = max(0, start - BEFORE)
    colours = GROUPS[dark]
    places = np.arange(len(lines.times))
    figure = go.Figure()
    drawn = (
        ("truth", places[first:end], lines.values[first:end], INK[dark], "solid", 2),
        ("one_step", places[start:end], lines.one_step[: end - start], colours[2], "dot", 2),
        ("free", places[start:end], lines.free[: end - start], colours[1], "solid", 3),
        ("linear", places[start:end], lines.linear[: end - start], colours[0], "dash", 2),
    )
    for name, x, y, colour, dash, width in drawn:
        figure.add_scatter(
            x=x,
            y=y,
            name=shown(texts(f"forecast.line_{name}", network=network), 60),
            mode="lines",
            line={"color": colour, "dash": dash, "width": width},
            customdata=[lines.times[place] for place in x],
            hovertemplate="%{customdata}: %{y:.4g}",
        )
    figure.add_vline(x=start - 0.5, line={"color": INK[dark], "width": 1})
    if lines.test_start < end:
        figure.add_vrect(
            x0=max(lines.test_start, first) - 0.5,
            x1=end - 0.5,
            fillcolor=INK[dark],
            opacity=0.06,
            line_width=0,
        )
    ticks = np.unique(np.linspace(first, end - 1, 9).round().astype(int))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[shown(lines.times[place], 16) for place in ticks],
        range=[first - 0.5, end - 0.5],
    )
    finish(figure, height=HEIGHT, dark=dark)
    figure.update_layout(
        showlegend=True,
        hovermode="x",
        margin={"t": 10},
        legend={"orientation": "h", "y": 1.12, "font": {"size": 13, "color": INK[dark]}},
    )
    return figure


def spread_figure(
    errors: Mapping[str, np.ndarray],
    names: Mapping[str, str],
    times: Sequence[str],
    chosen: str,
    texts: Texts,
    *,
    dark: bool = False,
) -> go.Figure:
    """The errors of free runs, a row a rule with the best median on top, a dot a start.

    errors: by rule, (start,). names: of the rules. times: of the starts. chosen: the one at which
    the picture above begins; its dots are ringed. The line across a row is its median.
    """
    import plotly.graph_objects as go

    medians = {rule: float(np.median(values)) for rule, values in errors.items()}
    order = sorted(medians, key=medians.__getitem__, reverse=True)
    ringed = np.array(times) == chosen
    random = np.random.default_rng(0)
    figure = go.Figure()
    for row, rule in enumerate(order):
        colour = GROUPS[dark][1 if rule == "network" else 0]
        figure.add_scatter(
            x=errors[rule],
            y=row + random.uniform(-0.28, 0.28, len(times)),
            name=shown(names[rule], 60),
            mode="markers",
            marker={
                "color": colour,
                "size": np.where(ringed, 13, 7),
                "opacity": 0.75,
                "line": {"width": np.where(ringed, 2, 0), "color": INK[dark]},
            },
            customdata=list(times),
            hovertemplate="%{customdata}: %{x:.3g}",
        )
        figure.add_shape(
            type="line",
            x0=medians[rule],
            x1=medians[rule],
            y0=row - 0.4,
            y1=row + 0.4,
            line={"color": INK[dark], "width": 3},
        )
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[shown(names[rule], 40) for rule in order],
        range=[-0.6, len(order) - 0.4],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(title=texts("forecast.col_each"), rangemode="tozero")
    return finish(figure, height=HEIGHT - 100, dark=dark).update_layout(margin={"t": 10})
