"""The window of word2vec over a sentence: what foretells what, in skip-gram and in CBOW."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.look import GROUPS, INK, finish, shown
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 230
TOP, MEAN = 1.0, 0.56  # where the word in the middle and the neighbours' mean stand
MANY = 11  # more words than this stand at an angle


def window_figure(
    words: Sequence[str],
    centre: int,
    pairs: Sequence[tuple[int, float]],
    model: str,
    texts: Texts,
    *,
    dark: bool,
) -> go.Figure:
    """The sentence below, the word at ``centre`` above, an arrow for each prediction.

    pairs: neighbours with the chance that the drawn window reaches them, which is the width of
    their arrow. model: "skip-gram" (the word foretells each neighbour) or "cbow" (the mean of the
    neighbours foretells the word).
    """
    import plotly.graph_objects as go

    from_word = model == "skip-gram"
    arrow, ink = GROUPS[dark][0 if from_word else 1], INK[dark]
    figure = go.Figure()
    reached = dict(pairs)
    for place, chance in pairs:
        start, end = ((centre, TOP), (place, 0.0)) if from_word else ((place, 0.0), (centre, MEAN))
        _arrow(figure, start, end, arrow, chance)
    if not from_word and pairs:
        _arrow(figure, (centre, MEAN), (centre, TOP), arrow, 1.0)
    angle = -35 if len(words) > MANY else 0
    for place, word in enumerate(words):
        _label(
            figure,
            (place, -0.06),
            shown(word, 14),
            ink,
            bold=place in reached,
            faint=place not in reached,
            yanchor="top",
            textangle=angle,
        )
    _label(figure, (centre, TOP + 0.04), shown(words[centre], 14), arrow, bold=True)
    if not from_word and pairs:
        _label(figure, (centre + 0.12, MEAN), texts("words.window_mean"), ink, xanchor="left")
    # nothing else is drawn, so the chances would be reached by no pointer
    figure.add_scatter(
        x=[place for place, _ in pairs],
        y=np.zeros(len(pairs)),
        mode="markers",
        marker={"size": 12, "color": arrow, "opacity": [0.25 + 0.75 * p for _, p in pairs]},
        customdata=[[shown(words[place], 40), chance] for place, chance in pairs],
        hovertemplate="%{customdata[0]}: %{customdata[1]:.0%}<extra></extra>",
    )
    figure.update_xaxes(visible=False, range=[-0.7, len(words) - 0.3], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-0.55 if angle else -0.3, TOP + 0.3], fixedrange=True)
    figure.update_layout(title_text=texts(f"words.window_{model}"))
    return finish(figure, height=HEIGHT, dark=dark)


def _arrow(
    figure: go.Figure,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    chance: float,
) -> None:
    figure.add_annotation(
        x=end[0],
        y=end[1],
        ax=start[0],
        ay=start[1],
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        showarrow=True,
        arrowhead=2,
        arrowwidth=0.8 + 2.4 * chance,
        arrowcolor=colour,
        opacity=0.35 + 0.65 * chance,
        standoff=7,
        startstandoff=4,
        text="",
    )


def _label(
    figure: go.Figure,
    place: tuple[float, float],
    label: str,
    colour: str,
    *,
    bold: bool = False,
    faint: bool = False,
    **more: object,
) -> None:
    figure.add_annotation(
        x=place[0],
        y=place[1],
        text=f"<b>{label}</b>" if bold else label,
        showarrow=False,
        font={"size": 14, "color": colour},
        opacity=0.55 if faint else 1.0,
        **{"yanchor": "bottom", **more},
    )
