"""Influence and recoverability of the first input, side by side over the inputs read since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from explorer.charts.drawn import drawn
from explorer.charts.look import GROUPS, INK, finish
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

DASHES = ("solid", "dash", "dashdot")
LOWEST, HIGHEST = 1e-8, 1e8  # where the logarithmic axis ends


class Left(Protocol):
    """What a curve needs to know of one network."""

    @property
    def label(self) -> str: ...

    @property
    def since(self) -> np.ndarray: ...

    @property
    def influence(self) -> np.ndarray: ...

    @property
    def recovered(self) -> np.ndarray: ...


@drawn
def diluted_figure(
    networks: Sequence[Left], shares: np.ndarray, texts: Texts, *, dark: bool
) -> go.Figure:
    """Left: the derivative, logarithmic. Right: R², with equal ``shares`` of the state dotted."""
    from plotly.subplots import make_subplots

    titles = (texts("vanishing.diluted_influence"), texts("vanishing.diluted_recovered"))
    figure = make_subplots(1, 2, subplot_titles=titles, horizontal_spacing=0.09)
    for colour, dash, network in zip(GROUPS[dark], DASHES, networks, strict=False):
        line = {"color": colour, "width": 3, "dash": dash}
        seen = (network.influence >= LOWEST) & (network.influence <= HIGHEST)
        both = ((1, np.where(seen, network.influence, np.nan)), (2, network.recovered))
        for column, values in both:
            figure.add_scatter(
                x=network.since,
                y=values,
                name=network.label,
                legendgroup=network.label,
                showlegend=column == 2,
                mode="lines+markers",
                line=line,
                marker={"size": 6},
                row=1,
                col=column,
            )
    figure.add_scatter(
        x=networks[0].since,
        y=shares,
        name=texts("vanishing.diluted_shares"),
        mode="lines",
        line={"color": INK[dark], "width": 1.5, "dash": "dot"},
        row=1,
        col=2,
    )
    return _styled(figure, networks, texts, dark)


def _styled(figure: go.Figure, networks: Sequence[Left], texts: Texts, dark: bool) -> go.Figure:
    finish(figure, height=380, dark=dark)
    lowest = max(LOWEST, min(float(network.influence.min()) for network in networks))
    highest = min(HIGHEST, max(float(network.influence.max()) for network in networks))
    decades = [np.floor(np.log10(lowest) - 0.2), np.ceil(np.log10(highest) + 0.2)]
    figure.update_xaxes(title_text=texts("vanishing.diluted_since"))
    figure.update_yaxes(
        type="log", range=decades, exponentformat="power", dtick=1 + (np.ptp(decades) > 6), col=1
    )
    figure.update_yaxes(range=[-0.05, 1.05], dtick=0.25, col=2)
    figure.update_annotations(font={"size": 14, "color": INK[dark]})
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.22, "font": {"size": 14, "color": INK[dark]}},
        margin={"t": 36, "b": 10},
    )
