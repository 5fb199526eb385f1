"""Charts of the memory race: scores over the delay, and memory horizons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

CLAIMED = (10, 30)  # poor beyond the first, gone beyond the second, say the sources
NOWHERE = 3.2  # where a horizon of 0 stands on the logarithmic axis
HEIGHT = 372
# competitor -> (number of its colour, dash): kin share a colour
LOOKS: dict[str, tuple[int, str]] = {
    "elman": (0, "solid"),
    "jordan": (0, "dot"),
    "higher-order": (3, "solid"),
    "lstm": (1, "solid"),
    "lstm-default": (1, "dot"),
    "gru": (2, "solid"),
    "convolution": (4, "solid"),
    "feed-forward": (5, "dot"),
}


@dataclass(frozen=True)
class Line:
    """One competitor: scores over the delays that it tried, and how far it remembers.

    low, median, high: of the seeds, at each of ``delays``. at: every seed's score at the chosen
    delay. horizon: lowest, median and highest of the seeds, in steps.
    """

    kind: str
    label: str
    delays: Sequence[int]
    low: Sequence[float]
    median: Sequence[float]
    high: Sequence[float]
    at: Sequence[float]
    horizon: tuple[int, int, int]


@drawn
def delay_figure(
    lines: Sequence[Line],
    delays: Sequence[int],
    chosen: int,
    *,
    baseline: float,
    solved: float,
    score: str,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Median scores over the delay with the range of the seeds, the claim's 10 and 30 beside."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, line in enumerate(lines):
        colour, dash = look_of(line.kind, dark)
        aside = 1 + 0.012 * (place - len(lines) / 2)  # ranges side by side, not on each other
        figure.add_scatter(
            x=[delay * aside for delay in line.delays],
            y=line.median,
            error_y={
                "type": "data",
                "array": [h - m for h, m in zip(line.high, line.median)],
                "arrayminus": [m - low for low, m in zip(line.low, line.median)],
                "thickness": 1.2,
                "width": 0,
            },
            name=line.label,
            mode="lines+markers",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"size": 7},
            customdata=line.delays,
            hovertemplate=f"{shown(line.label)} · %{{customdata}}: %{{y:.2f}}<extra></extra>",
        )
    figure.update_layout(
        shapes=[
            _level(baseline, "dot", dark),
            _level(solved, "dash", dark),
            {
                **_upright(chosen, dark),
                "type": "rect",
                "x0": chosen * 0.92,
                "x1": chosen * 1.08,
                "fillcolor": GROUPS[dark][3],
                "line": {"width": 0},
                "opacity": 0.25,
            },
            *(_upright(steps, dark) for steps in CLAIMED),
        ],
        annotations=[
            _at_level(solved, texts("memory.solved"), dark, below=True),
            _at_level(baseline, texts("memory.guessing"), dark, below=baseline > 0.1),
            _above(CLAIMED[0], texts("memory.claimed_poor"), dark),
            _above(CLAIMED[1], texts("memory.claimed_gone"), dark),
        ],
        xaxis=_delay_axis(delays) | {"title": texts("memory.delay_axis")},
        yaxis={"title": score, "range": [-0.03, 1.06]},
    )
    return with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


@drawn
def horizon_figure(
    lines: Sequence[Line],
    delays: Sequence[int],
    chosen: int,
    *,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Left: every seed's score at the chosen delay. Right: the memory horizon and its range."""
    import plotly.graph_objects as go

    labels = [shown(line.label, 30) for line in lines]
    colours = [look_of(line.kind, dark)[0] for line in lines]
    figure = go.Figure()
    figure.add_scatter(
        x=[score for line in lines for score in line.at],
        y=[label for label, line in zip(labels, lines) for _ in line.at],
        mode="markers",
        marker={
            "color": [colour for colour, line in zip(colours, lines) for _ in line.at],
            "size": 11,
            "opacity": 0.75,
        },
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    for colour, label, line in zip(colours, labels, lines):
        low, _, high = (max(NOWHERE, steps) for steps in line.horizon)
        if low < high:
            figure.add_scatter(
                x=[low, high],
                y=[label, label],
                mode="lines",
                xaxis="x2",
                line={"color": colour, "width": 5},
                opacity=0.4,
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=[max(NOWHERE, line.horizon[1]) for line in lines],
        y=labels,
        mode="markers",
        xaxis="x2",
        marker={
            "color": colours,
            "size": 13,
            "symbol": [_symbol(line, delays) for line in lines],
        },
        customdata=[[line.horizon[1]] for line in lines],
        hovertemplate="%{y}: %{customdata[0]}<extra></extra>",
    )
    titles = (texts("memory.at_delay", delay=chosen), texts("memory.horizon"))
    ink = {"size": 13, "color": INK[dark]}
    above = {"xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    above["xanchor"] = "center"
    split = (0.34, 0.4)
    steps = _delay_axis(delays)
    figure = finish(figure, height=HEIGHT, dark=dark)
    return figure.update_layout(
        shapes=[_upright(claim, dark, axis="x2") for claim in CLAIMED],
        annotations=[
            *(
                {
                    **above,
                    "x": x,
                    "text": title,
                    "font": ink,
                }
                for x, title in zip((split[0] / 2, (1 + split[1]) / 2), titles)
            ),
            *(
                {
                    "x": 0.5,
                    "y": label,
                    "text": texts("memory.not_tried"),
                    "showarrow": False,
                    "font": {"size": 12, "color": INK[dark]},
                }
                for label, line in zip(labels, lines)
                if not line.at
            ),
        ],
        xaxis={"domain": [0, split[0]], "range": [-0.1, 1.14], "tickvals": [0, 0.5, 1]},
        xaxis2=steps
        | {
            "domain": [split[1], 1],
            "anchor": "y",
            "range": [0.42, 2.1],
            "tickvals": [NOWHERE, *delays],
            "ticktext": ["0", *map(str, delays)],
            "tickangle": 0,
            "tickfont": ink,
        },
        yaxis={"categoryorder": "array", "categoryarray": labels[::-1], "type": "category"},
    )


def look_of(kind: str, dark: bool) -> tuple[str, str]:
    """Colour and dash of a competitor, the same in every chart of the race."""
    colour, dash = LOOKS.get(kind, (5, "solid"))
    return GROUPS[dark][colour], dash


def _symbol(line: Line, delays: Sequence[int]) -> str:
    """A triangle where the longest delay was reached: it may be longer still."""
    return "triangle-right" if line.horizon[1] >= delays[-1] else "circle"


def _upright(at: float, dark: bool, axis: str = "x") -> dict[str, object]:
    """A line from the bottom to the top."""
    line = {"color": INK[dark], "width": 1.5}
    place = {"xref": axis, "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "opacity": 0.55, **place}


def _level(at: float, dash: str, dark: bool) -> dict[str, object]:
    """A line from the left to the right."""
    line = {"color": INK[dark], "width": 1, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": line}


def _delay_axis(delays: Sequence[int]) -> dict[str, object]:
    return {"type": "log", "tickvals": list(delays), "ticktext": [str(delay) for delay in delays]}


def _at_level(y: float, text: str, dark: bool, *, below: bool = False) -> dict[str, object]:
    """Words at the right end of a level."""
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": y}
    words = {"text": text, "showarrow": False, "font": {"size": 12, "color": INK[dark]}}
    return {**place, "yanchor": "top" if below else "bottom", **words}


def _above(steps: int, text: str, dark: bool) -> dict[str, object]:
    """Words above an upright line of a logarithmic axis."""
    place = {"x": log10(steps), "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {**place, "text": text, "showarrow": False, "font": {"size": 12, "color": INK[dark]}}


def with_legend(figure: go.Figure, dark: bool) -> go.Figure:
    """A legend below the figure."""
    return figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "y": -0.22,
            "yanchor": "top",
            "font": {"size": 13, "color": INK[dark]},
        },
    )
