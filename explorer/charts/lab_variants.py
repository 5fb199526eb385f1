"""Charts of the page on variants: updates by seed, cost of a step, and two questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from core.race.cost import StepCost
    from core.race.questions import Life

HEIGHT = 400
LARGEST = 1e30  # a memory that has grown or shrunk beyond it is drawn there


@drawn
def updates_figure(
    rows: Mapping[str, Sequence[int | None]],
    verdicts: Mapping[str, str],
    middle: float | None,
    *,
    budget: int,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Every seed's updates until solved, one row a variant; coloured by the rank test.

    verdicts: row -> better, worse or same. middle: the plain cell's median, a line. Seeds that
    did not solve are crosses in a band of their own, beyond the budget.
    """
    import plotly.graph_objects as go

    blue, orange, *_, grey = GROUPS[dark]
    colours = {"better": blue, "worse": orange, "same": grey}
    beyond = 1.6 * budget
    figure = go.Figure()
    for verdict, colour in colours.items():
        for solved, symbol in ((True, "circle"), (False, "x")):
            points = [
                (beyond * (1 + 0.05 * (n % 6 - 2)) if value is None else value, shown(row, 40))
                for row, values in rows.items()
                if verdicts.get(row, "same") == verdict
                for n, value in enumerate(values)
                if (value is not None) == solved
            ]
            figure.add_scatter(
                x=[x for x, _ in points] or (None,),
                y=[row for _, row in points] or (None,),
                mode="markers",
                name=texts(f"variants.{verdict}"),
                legendgroup=verdict,
                showlegend=solved,
                marker={"color": colour, "size": 10, "opacity": 0.75, "symbol": symbol},
                hovertemplate="%{y}: %{x:,.0f}<extra></extra>" if solved else "%{y}<extra></extra>",
            )
    figure.add_vrect(x0=1.2 * budget, x1=2.2 * budget, fillcolor=INK[dark], opacity=0.08)
    if middle is not None:
        figure.add_vline(x=middle, line={"color": INK[dark], "dash": "dash"})
    order = [shown(row, 40) for row in rows]
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1], type="category")
    figure.update_xaxes(
        title=texts("memory.until_solved"),
        type="log",
        range=[2, np.log10(2.2 * budget)],
        tickvals=[100, 200, 500, 1000, 2000, beyond],
        ticktext=[
            "100",
            "200",
            "500",
            "1000",
            "2000",
            texts("memory.beyond"),
        ],
    )
    figure = finish(figure, height=HEIGHT + 30, dark=dark)
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "font": {"size": 13}},
    )


@drawn
def cost_figure(
    costs: Sequence[StepCost], labels: Mapping[str, str], texts: Texts, *, dark: bool = False
) -> go.Figure:
    """Parameters, multiply-adds, memory and time of a step, each relative to the LSTM's."""
    from plotly.subplots import make_subplots

    plain = next(cost for cost in costs if cost.kind == "lstm")
    parts = {
        "parameters": lambda cost: cost.parameters / plain.parameters,
        "multiply_adds": lambda cost: cost.multiply_adds / plain.multiply_adds,
        "kept": lambda cost: cost.kept / plain.kept,
        "open_seconds": lambda cost: cost.open_seconds / plain.open_seconds,
    }
    titles = [texts(f"variants.short_{part}") for part in parts]
    figure = make_subplots(
        1, len(parts), shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=titles
    )
    names = [shown(labels[cost.kind], 34) for cost in costs]
    for column, value in enumerate(parts.values(), start=1):
        values = [value(cost) for cost in costs]
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            marker_color=[GROUPS[dark][2 if cost.kind == "gru" else 0] for cost in costs],
            text=[f"{one:.2f}" for one in values],
            textposition="inside",
            insidetextanchor="end",
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
            row=1,
            col=column,
        )
    figure.add_vline(x=1, line={"color": INK[dark], "dash": "dash", "width": 1})
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    figure.update_xaxes(range=[0, 1.1], tickvals=[0, 0.5, 1])
    slowest = max(cost.open_seconds for cost in costs) / plain.open_seconds
    figure.update_xaxes(range=[0, max(1.1, 1.05 * slowest)], row=1, col=len(parts))
    figure = finish(figure, height=HEIGHT, dark=dark)
    return figure.update_annotations(font={"size": 13, "color": INK[dark]})


@drawn
def kept_figure(
    lives: Sequence[Life], labels: Mapping[str, str], texts: Texts, *, dark: bool = False
) -> go.Figure:
    """What is left of the first memory over time (log), and how large the cell state is."""
    from plotly.subplots import make_subplots

    titles = (texts("variants.kept"), texts("variants.size"))
    figure = make_subplots(1, 2, horizontal_spacing=0.09, subplot_titles=titles)
    for one, colour in zip(lives, GROUPS[dark]):
        size = np.maximum(np.abs(one.lowest), np.abs(one.highest))
        for column, values in enumerate((one.kept, size), start=1):
            figure.add_scatter(
                x=np.arange(1, len(values) + 1),
                y=np.clip(np.nan_to_num(values, nan=LARGEST), 1 / LARGEST, LARGEST),
                name=labels[one.kind],
                legendgroup=one.kind,
                showlegend=column == 1,
                line={"color": colour, "width": 3},
                row=1,
                col=column,
            )
    figure.update_yaxes(type="log", exponentformat="power")
    return _steps(figure, texts, dark)


@drawn
def candidate_figure(
    lives: Sequence[Life], labels: Mapping[str, str], texts: Texts, *, dark: bool = False
) -> go.Figure:
    """The range of the cell state over time, and the slopes of tanh and sigmoid."""
    from plotly.subplots import make_subplots

    titles = (texts("variants.range"), texts("variants.slope"))
    figure = make_subplots(1, 2, horizontal_spacing=0.09, subplot_titles=titles)
    at = np.linspace(-5, 5, 101)
    squashed = 1 / (1 + np.exp(-at))
    slopes = {"lstm": 1 - np.tanh(at) ** 2, "lstm-sigmoid-candidate": squashed * (1 - squashed)}
    for one, colour in zip(lives, GROUPS[dark]):
        steps = np.arange(1, len(one.lowest) + 1)
        figure.add_scatter(
            x=np.concatenate((steps, steps[::-1])),
            y=np.concatenate((one.highest, one.lowest[::-1])),
            fill="toself",
            opacity=0.6,
            name=labels[one.kind],
            legendgroup=one.kind,
            line={"color": colour, "width": 1.5},
            hoverinfo="skip",
            row=1,
            col=1,
        )
        figure.add_scatter(
            x=at,
            y=slopes[one.kind],
            name=labels[one.kind],
            legendgroup=one.kind,
            showlegend=False,
            line={"color": colour, "width": 3},
            row=1,
            col=2,
        )
    figure.add_hline(y=0, line={"color": INK[dark], "width": 1}, row=1, col=1)
    return _steps(figure, texts, dark).update_xaxes(title="a", row=1, col=2)


def _steps(figure: go.Figure, texts: Texts, dark: bool) -> go.Figure:
    figure.update_xaxes(title=texts("variants.step"))
    figure = finish(figure, height=HEIGHT - 20, dark=dark)
    figure.update_annotations(font={"size": 14, "color": INK[dark]})
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.18, "yanchor": "top", "font": {"size": 13}},
    )
