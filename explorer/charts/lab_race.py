"""Charts of the memory race: updates until solved over the delay, and memory horizons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10, sqrt
from typing import TYPE_CHECKING, NamedTuple

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

CLAIMED = (10, 30)  # poor beyond the first, gone beyond the second, say the sources
NOWHERE = 3.2  # where a horizon of 0 stands on the logarithmic axis
SOONEST = 40  # updates at the lower end of the axis
TICKS = (50, 100, 200, 500, 1000, 2000, 3000)
BAND = (1.25, 2.6)  # where runs stand that did not solve, in budgets
HEIGHT = 372
# competitor -> (number of its colour, dash): kin share a colour
LOOKS: dict[str, tuple[int, str]] = {
    "elman": (0, "solid"),
    "jordan": (0, "dot"),
    "higher-order": (3, "solid"),
    "lstm": (1, "solid"),
    "gru": (2, "solid"),
    "convolution": (4, "solid"),
    "feed-forward": (5, "dot"),
}


class Seed(NamedTuple):
    """One seed at one delay: updates until solved, None where it did not solve, and words."""

    delay: int
    updates: int | None
    words: str


@dataclass(frozen=True)
class Line:
    """One competitor: how soon it solves each delay, and how far it remembers.

    median: updates until solved, by delay; None unless more than half of the seeds solve.
    at: every seed's score at the chosen delay. horizon: lowest, median and highest of the
    seeds, in steps; None where it is not known.
    """

    kind: str
    label: str
    median: dict[int, float | None]
    seeds: Sequence[Seed]
    at: Sequence[float]
    horizon: tuple[int, int, int] | None


@drawn
def delay_figure(
    lines: Sequence[Line],
    delays: Sequence[int],
    chosen: int,
    *,
    budget: int,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Updates until solved over the delay: medians as lines, seeds as dots; above, in a band of
    their own, crosses for seeds that did not solve; the claim's 10 and 30 beside."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, line in enumerate(lines):
        colour, dash = look_of(line.kind, dark)
        aside = 1 + 0.02 * (place - len(lines) / 2)  # dots side by side, not on each other
        figure.add_scatter(
            x=[delay * aside for delay in line.median],
            y=list(line.median.values()),
            name=line.label,
            legendgroup=line.kind,
            mode="lines",
            line={"color": colour, "width": 2.5, "dash": dash},
            hoverinfo="skip",
        )
        for solved, symbol in ((True, "circle"), (False, "x")):
            seeds = [seed for seed in line.seeds if (seed.updates is not None) == solved]
            figure.add_scatter(
                x=[seed.delay * aside for seed in seeds],
                y=[_height(seed, number, budget) for number, seed in enumerate(seeds)],
                legendgroup=line.kind,
                showlegend=False,
                mode="markers",
                marker={"color": colour, "size": 7, "symbol": symbol, "opacity": 0.75},
                customdata=[seed.words for seed in seeds],
                hovertemplate=f"{shown(line.label, 40)} · %{{customdata}}<extra></extra>",
            )
    figure.update_layout(
        shapes=[_band(budget, dark), _chosen(chosen, dark), *(_upright(s, dark) for s in CLAIMED)],
        annotations=[
            _above(CLAIMED[0], texts("memory.claimed_poor"), dark),
            _above(CLAIMED[1], texts("memory.claimed_gone"), dark),
        ],
        xaxis=_delay_axis(delays) | {"title": texts("memory.delay_axis")},
        yaxis={
            "title": texts("memory.until_solved"),
            "type": "log",
            "range": [log10(SOONEST), log10(BAND[1] * budget)],
            "tickvals": [*TICKS, sqrt(BAND[0] * BAND[1]) * budget],
            "ticktext": [*map(str, TICKS), texts("memory.not_within")],
        },
    )
    return with_legend(finish(figure, height=HEIGHT, dark=dark), dark)


def _height(seed: Seed, number: int, budget: int) -> float:
    """Where a seed stands; those that did not solve one above the other in the band."""
    return seed.updates if seed.updates is not None else budget * (1.4 + 0.16 * (number % 5))


def _band(budget: int, dark: bool) -> dict[str, object]:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": BAND[0] * budget,
        "y1": BAND[1] * budget,
        "fillcolor": INK[dark],
        "opacity": 0.08,
        "line": {"width": 0},
    }


def _chosen(delay: int, dark: bool) -> dict[str, object]:
    """A stripe behind the delay that was chosen."""
    return {
        **_upright(delay, dark),
        "type": "rect",
        "x0": delay * 0.92,
        "x1": delay * 1.08,
        "fillcolor": GROUPS[dark][3],
        "line": {"width": 0},
        "opacity": 0.25,
        "layer": "below",
    }


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
        low, _, high = (max(NOWHERE, steps) for steps in line.horizon or (0, 0, 0))
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
    known = [place for place, line in enumerate(lines) if line.horizon is not None]
    medians = [line.horizon[1] for line in lines if line.horizon is not None]
    figure.add_scatter(
        x=[max(NOWHERE, steps) for steps in medians],
        y=[labels[place] for place in known],
        mode="markers",
        xaxis="x2",
        marker={
            "color": [colours[place] for place in known],
            "size": 13,
            # a triangle where the longest delay was reached: it may be longer still
            "symbol": ["triangle-right" if m >= delays[-1] else "circle" for m in medians],
        },
        customdata=[[steps] for steps in medians],
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


def _upright(at: float, dark: bool, axis: str = "x") -> dict[str, object]:
    """A line from the bottom to the top."""
    line = {"color": INK[dark], "width": 1.5}
    place = {"xref": axis, "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}
    return {"type": "line", "line": line, "opacity": 0.55, **place}


def _delay_axis(delays: Sequence[int]) -> dict[str, object]:
    return {"type": "log", "tickvals": list(delays), "ticktext": [str(delay) for delay in delays]}


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
