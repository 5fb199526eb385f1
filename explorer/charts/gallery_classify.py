"""Which classes are taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import AMOUNT, finish, scale

if TYPE_CHECKING:
    import plotly.graph_objects as go


@drawn
def confusion(table: np.ndarray, *, dark: bool, texts: Mapping[str, str]) -> go.Figure:
    """Counts of images by their digit (row) and by the digit they are taken for (column).

    Colours go with the square root, so that the few mistakes can be seen beside the many
    right answers. texts: is, taken.
    """
    import plotly.graph_objects as go

    names = [str(digit) for digit in range(len(table))]
    figure = go.Figure(
        go.Heatmap(
            z=np.sqrt(table),
            x=names,
            y=names,
            customdata=table,
            text=np.where(table > 0, table.astype(str), ""),
            texttemplate="%{text}",
            textfont={"size": 14},
            colorscale=scale(AMOUNT[dark]),
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=f"{texts['is']} %{{y}}, {texts['taken']} %{{x}}: "
            "%{customdata}<extra></extra>",
        )
    )
    figure.update_xaxes(title=texts["taken"], type="category", side="top")
    figure.update_yaxes(title=texts["is"], type="category", autorange="reversed")
    figure = finish(figure, height=420, dark=dark)
    return figure.update_layout(margin={"l": 50, "t": 60})
