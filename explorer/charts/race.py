"""The race of the objectives, and the cost of a step, as curves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from core.embeddings.cost import Cost
    from core.embeddings.race import Lap

COLOURS = ("#0069b4", "#c4581c", "#1b7f6b", "#a23b8f", "#7a6fb0", "#8a7400")


@drawn
def race_figure(laps: Sequence[Lap], texts: Texts) -> go.Figure:
    """Share of analogies right over the words seen; one curve a racer, CBOW dashed."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for colour, lap in zip(COLOURS, laps):
        figure.add_scatter(
            x=lap.words_seen,
            y=lap.analogies,
            name=f"{lap.model} · {texts(f'training.objective_{lap.objective}')}",
            line={"color": colour, "width": 3, "dash": "dash" if lap.model == "cbow" else "solid"},
        )
    return _styled(figure, texts("race.words"), texts("race.right")).update_yaxes(
        tickformat=".0%", rangemode="tozero"
    )


@drawn
def cost_figure(costs: Sequence[Cost], texts: Texts) -> go.Figure:
    """Milliseconds (left) and multiply-adds (right) of a step over the vocabulary, log-log."""
    from plotly.subplots import make_subplots

    titles = (texts("cost.time"), texts("cost.counted"))
    figure = make_subplots(1, 2, subplot_titles=titles, horizontal_spacing=0.1)
    for colour, (objective, group) in zip(COLOURS, groupby(costs, lambda cost: cost.objective)):
        found = list(group)
        sizes = [cost.vocabulary for cost in found]
        rows = ([1000 * c.seconds for c in found], [c.multiply_adds for c in found])
        for column, values in enumerate(rows, start=1):
            figure.add_scatter(
                x=sizes,
                y=values,
                name=texts(f"cost.{objective}"),
                legendgroup=objective,
                showlegend=column == 1,
                line={"color": colour, "width": 3},
                row=1,
                col=column,
            )
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", dtick=1)
    return _styled(figure, texts("cost.vocabulary"), None)


def _styled(figure: go.Figure, x: str, y: str | None) -> go.Figure:
    figure.update_xaxes(title=x)
    if y:
        figure.update_yaxes(title=y)
    return figure.update_layout(
        height=420,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        font={"size": 14},
        legend={"orientation": "h", "y": -0.2},
    )
