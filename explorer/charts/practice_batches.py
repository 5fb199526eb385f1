"""A sentence in a batch: the states as they were recorded, and how far they are from alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import AMOUNT, INK, SIGNED, finish, scale
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go


class Read(Protocol):
    """What the picture needs of a reading."""

    @property
    def hidden(self) -> np.ndarray: ...

    @property
    def difference(self) -> np.ndarray: ...

    @property
    def own(self) -> np.ndarray: ...


@drawn
def company_figure(found: Read, tokens: Sequence[str], texts: Texts, *, dark: bool) -> go.Figure:
    """Above: hidden states (unit, column). Below: |difference|, on a scale from 0 to 1.

    Columns of padding stand on a grey ground between dotted lines.
    """
    from plotly.subplots import make_subplots

    titles = (texts("practice.states"), texts("practice.difference"))
    figure = make_subplots(
        2, 1, subplot_titles=titles, shared_xaxes=True, vertical_spacing=0.12, row_heights=[1, 1]
    )
    columns = list(range(len(tokens)))
    rows = (
        (found.hidden, SIGNED[dark], -1, [-1, 0, 1], None),
        (found.difference, AMOUNT[dark], 0, [0, 0.5, 1], ["0", "0.5", "≥ 1"]),
    )
    for row, (values, colours, low, ticks, labels) in enumerate(rows, start=1):
        figure.add_heatmap(
            z=values.T,
            x=columns,
            zmin=low,
            zmax=1,
            colorscale=scale(colours),
            hovertemplate=texts("practice.hover") + "<extra></extra>",
            customdata=np.tile(np.array(tokens), (values.shape[1], 1)),
            colorbar={
                "len": 0.42,
                "y": 0.79 if row == 1 else 0.21,
                "tickvals": ticks,
                "ticktext": labels,
                "thickness": 14,
            },
            row=row,
            col=1,
        )
        figure.update_yaxes(title=texts("practice.unit"), autorange="reversed", row=row, col=1)
    for edge in np.flatnonzero(np.diff(found.own.astype(int))):
        figure.add_vline(x=edge + 0.5, line={"dash": "dot", "width": 2, "color": INK[dark]})
    figure.update_xaxes(
        tickvals=columns, ticktext=list(tokens), tickangle=0, ticks="", row=2, col=1
    )
    figure.update_annotations(font={"size": 14, "color": INK[dark]})
    finish(figure, height=430, dark=dark)
    return figure.update_layout(margin={"t": 28, "b": 10})
