"""Two groups of words between two poles, one dot a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go


@drawn
def leanings_figure(
    scores: Mapping[str, float],
    first: int,
    pole: Sequence[str],
    opposite: Sequence[str],
    texts: Texts,
    *,
    dark: bool = False,
) -> go.Figure:
    """Association of each word with the poles; the first ``first`` words are one group.

    To the right lie the words nearer to the pole, to the left those nearer to its opposite.
    """
    import plotly.graph_objects as go

    words = list(scores)
    parts = ((words[:first], "bias_first"), (words[first:], "bias_second"))
    figure = go.Figure()
    for (group, name), colour in zip(parts, GROUPS[dark]):
        figure.add_scatter(
            x=[scores[word] for word in group],
            y=[texts(f"space.{name}")] * len(group),
            text=[shown(word) for word in group],
            mode="markers+text",
            textposition=[("top center", "bottom center")[at % 2] for at in range(len(group))],
            marker={"size": 13, "color": colour},
            hovertemplate="%{text}: %{x:.4f}<extra></extra>",
            cliponaxis=False,
        )
    figure.add_vline(x=0, line_width=1, line_dash="dot", line_color="gray")
    ends = ((0, "left", f"← {_named(opposite)}"), (1, "right", f"{_named(pole)} →"))
    for place, anchor, end in ends:
        figure.add_annotation(
            x=place, y=1.14, xref="paper", yref="paper", xanchor=anchor, text=end, showarrow=False
        )
    finish(figure, height=270, dark=dark)
    reach = 1.25 * max([abs(score) for score in scores.values()] or [1.0])
    figure.update_layout(
        margin={"t": 44, "b": 30},
        xaxis={"range": [-reach, reach], "zeroline": False},
        yaxis={"autorange": "reversed", "range": [-0.6, 1.6]},
    )
    return figure


def _named(words: Sequence[str]) -> str:
    return ", ".join(shown(word) for word in words[:3]) + (", …" if len(words) > 3 else "")
