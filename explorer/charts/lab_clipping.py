"""Clipping: norms and losses of trainings, what clipping makes of each number and each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from core.training.clipping import Update

HEIGHT = 430
NORMS = (-1.6, 3.0)
LOSSES = (-2.4, 1.2)
"""Powers of ten that the axes show; a training that explodes leaves them at the top."""
PLACES = {"none": 1, "norm": 0, "value": 2, "slow": 3}  # among the colours of look.GROUPS


@drawn
def training_figure(
    runs: Mapping[str, Sequence[Update]],
    threshold: float,
    baseline: float,
    updates: int,
    texts: Texts,
    *,
    dark: bool,
    rates: Mapping[str, float],
) -> go.Figure:
    """Norm of every update's gradient (left), loss (right), one colour a kind of clipping.

    Dotted is the norm before clipping, solid what the update used; a cross is where a training
    failed. threshold: M of the clipping by norm, drawn as a line. updates: length of the axis.
    rates: the learning rate of each run as a multiple of the others'; ten updates at a tenth of
    it are drawn as their mean where one is, so that equal lengths across are equal rate times
    updates.
    """
    from plotly.subplots import make_subplots

    titles = (texts("clipping.norms"), texts("clipping.losses"))
    figure = make_subplots(1, 2, subplot_titles=titles, horizontal_spacing=0.09)
    for kind, run in runs.items():
        colour = GROUPS[dark][PLACES[kind]]
        line: dict[str, Any] = {"color": colour, "width": 2.5}
        name = texts(f"clipping.kind_{kind}")
        together = round(1 / rates[kind])
        before, after, losses = (
            _means(_finite([update[at] for update in run]), together) for at in (1, 2, 0)
        )
        steps = np.arange(1, len(losses) + 1)
        if kind not in ("none", "slow"):
            dotted = {**line, "width": 1.3, "dash": "dot"}
            label = texts("clipping.before", kind=name)
            _curve(figure, steps, before, label, dotted, 1)
        _curve(figure, steps, after, name, line, 1)
        _curve(figure, steps, losses, name, line, 2, showlegend=False)
        if run and not np.isfinite(run[-1].loss):
            _failed(figure, len(run) / together, len(run), name, colour, texts)
    _level(figure, threshold, texts("clipping.threshold_line", threshold=f"{threshold:g}"), 1, dark)
    _level(figure, baseline, texts("clipping.baseline"), 2, dark)
    figure.update_yaxes(type="log", exponentformat="power", dtick=1)
    for column, powers in ((1, NORMS), (2, LOSSES)):
        figure.update_yaxes(range=powers, col=column)
    figure.update_xaxes(title=texts("clipping.updates"), range=[0, updates])
    return _with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


@drawn
def numbers_figure(
    before: np.ndarray, after: Mapping[str, np.ndarray], texts: Texts, *, dark: bool
) -> go.Figure:
    """Every number of one gradient before clipping (across) and after (up), by kind."""
    import plotly.graph_objects as go

    figure = go.Figure()
    order = np.argsort(before)
    for kind, values in after.items():
        figure.add_scatter(
            x=before[order],
            y=values[order],
            mode="lines+markers",
            name=texts(f"clipping.kind_{kind}"),
            marker={"size": 6, "opacity": 0.55},
            line={"color": GROUPS[dark][PLACES[kind]], "width": 2},
            hovertemplate="%{x:.3g} → %{y:.3g}<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title=texts("clipping.number_before"), zerolinewidth=1)
    figure.update_yaxes(title=texts("clipping.number_after"), zerolinewidth=1)
    return _with_legend(finish(figure, height=HEIGHT - 20, dark=dark), dark)


@drawn
def steps_figure(
    before: np.ndarray, after: np.ndarray, texts: Texts, *, dark: bool, least: float = 1e-12
) -> go.Figure:
    """Norm of what each step adds to the gradient, before and after clipping, on a log axis.

    What is below ``least`` (the first step's is exactly 0) has no bar.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    steps = np.arange(1, len(before) + 1)
    looks: tuple[dict[str, Any], ...] = (
        {"color": "rgba(0,0,0,0)", "line": {"color": GROUPS[dark][1], "width": 2}},
        {"color": GROUPS[dark][0]},
    )
    for values, name, look in zip((before, after), ("steps_before", "steps_after"), looks):
        figure.add_bar(
            x=steps,
            y=np.where(values > least, values, np.nan),
            base=least,
            name=texts(f"clipping.{name}"),
            marker=look,
            width=0.86 if name == "steps_before" else 0.5,
            hovertemplate="%{x}: %{y:.3g}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(title=texts("clipping.step"), dtick=2 if len(steps) > 12 else 1)
    top = float(np.log10(max(before.max(), least * 10))) + 0.4
    figure.update_yaxes(
        type="log",
        exponentformat="power",
        dtick=2,
        range=[top - 9, top],
        title=texts("clipping.step_size"),
    )
    return _with_legend(finish(figure, height=HEIGHT - 70, dark=dark), dark)


@drawn
def loss_figure(
    runs: Mapping[str, Sequence[Update]], baseline: float, updates: int, texts: Texts, *, dark: bool
) -> go.Figure:
    """The losses alone, on a linear axis from 0: running means, since each is of new sequences."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for kind, run in runs.items():
        figure.add_scatter(
            x=np.arange(1, len(run) + 1),
            y=_smooth(_finite([update.loss for update in run])),
            mode="lines",
            name=texts(f"clipping.kind_{kind}"),
            line={"color": GROUPS[dark][PLACES[kind]], "width": 6 if kind == "none" else 2.5},
        )
    figure.add_hline(y=baseline, line={"color": INK[dark], "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="right",
        y=baseline,
        yanchor="bottom",
        yshift=26,
        text=texts("clipping.baseline"),
        showarrow=False,
        font={"size": 13, "color": INK[dark]},
    )
    figure.update_xaxes(title=texts("clipping.updates"), range=[0, updates])
    figure.update_yaxes(title=texts("clipping.loss"), range=[0, 2 * baseline])
    return _with_legend(finish(figure, height=HEIGHT - 70, dark=dark), dark)


def _means(values: np.ndarray, together: int) -> np.ndarray:
    """Means of so many values at a time; the last may be of fewer."""
    starts = np.arange(0, len(values), together)
    ends = np.minimum(starts + together, len(values))
    return np.array([values[start:end].mean() for start, end in zip(starts, ends, strict=True)])


def _smooth(values: np.ndarray, width: int = 15) -> np.ndarray:
    """Mean of each value and those before it, at most ``width``."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def _curve(
    figure: go.Figure,
    x: np.ndarray,
    y: np.ndarray,
    name: str,
    line: dict[str, Any],
    column: int,
    *,
    showlegend: bool = True,
) -> None:
    figure.add_scatter(
        x=x, y=y, mode="lines", name=name, line=line, showlegend=showlegend, row=1, col=column
    )


def _failed(figure: go.Figure, x: float, update: int, name: str, colour: str, texts: Texts) -> None:
    """A cross at the top of both pictures: beyond it there were no numbers any more."""
    for column, top in ((1, NORMS[1]), (2, LOSSES[1])):
        figure.add_scatter(
            x=[x],
            y=[10 ** (top - 0.25)],
            mode="markers+text",
            text=[texts("clipping.failed", update=update)],
            textposition="middle right",
            textfont={"size": 14, "color": colour},
            marker={"symbol": "x", "size": 13, "color": colour},
            name=name,
            showlegend=False,
            row=1,
            col=column,
        )


def _level(figure: go.Figure, y: float, label: str, column: int, dark: bool) -> None:
    line = {"color": INK[dark], "width": 1.5, "dash": "dash"}
    figure.add_hline(y=y, line=line, row=1, col=column)
    figure.add_annotation(
        x=1,
        xref="x domain" if column == 1 else "x2 domain",
        xanchor="right",
        y=float(np.log10(y)),
        yref="y" if column == 1 else "y2",
        yanchor="bottom",
        text=label,
        showarrow=False,
        font={"size": 13, "color": INK[dark]},
    )


def _with_legend(figure: go.Figure, dark: bool) -> go.Figure:
    legend = {"orientation": "h", "y": -0.2, "font": {"size": 13, "color": INK[dark]}}
    figure.update_layout(showlegend=True, legend=legend)
    figure.update_annotations(font_size=14)
    return figure


def _finite(values: Sequence[float]) -> np.ndarray:
    found = np.array(values, dtype=float)
    return np.where(np.isfinite(found), found, np.nan)
