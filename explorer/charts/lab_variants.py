"""Charts of the page on variants: learning by seed, cost of a step, and two questions."""

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
def learning_figure(
    scores: Mapping[str, Sequence[float]],
    verdicts: Mapping[str, str],
    *,
    plain: str,
    texts: Texts,
    dark: bool = False,
) -> go.Figure:
    """Every seed's mean score over training, one row a variant; coloured by the rank test.

    verdicts: row -> better, worse or same. The line is the median of the row ``plain``.
    """
    import plotly.graph_objects as go

    blue, orange, *_, grey = GROUPS[dark]
    colours = {"better": blue, "worse": orange, "same": grey}
    figure = go.Figure()
    for verdict, colour in colours.items():
        rows = [row for row in scores if verdicts.get(row, "same") == verdict]
        figure.add_scatter(
            x=[value for row in rows for value in scores[row]] or (None,),
            y=[shown(row, 34) for row in rows for _ in scores[row]] or (None,),
            mode="markers",
            name=texts(f"variants.{verdict}"),
            marker={"color": colour, "size": 10, "opacity": 0.75},
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    figure.add_vline(x=float(np.median(scores[plain])), line={"color": INK[dark], "dash": "dash"})
    order = [shown(row, 34) for row in scores]
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1], type="category")
    figure.update_xaxes(title=texts("variants.learning"))
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
