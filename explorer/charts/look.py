"""What the charts share: colours of the players' palettes, labels shown as they are."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go

# The players' palettes (assets/players/palettes.js), so that a colour means the same everywhere.
SIGNED = {
    False: ("#0b3f86", "#2f7cc4", "#9cc6e6", "#f4f3ef", "#f3b98a", "#d9661f", "#8f2f06"),
    True: ("#9fd2ff", "#4d9fea", "#245a92", "#22262e", "#96501f", "#ec8a3c", "#ffd3a3"),
}
AMOUNT = {
    False: ("#ebe9e3", "#c3dfb6", "#6dbd8d", "#1d8f72", "#00584f"),
    True: ("#2a2d33", "#2c5a4c", "#2f9671", "#6fd08a", "#e4f79b"),
}
# Okabe and Ito's colours, told apart by the colour-blind, lighter where the page is dark.
GROUPS = {
    False: ("#0072b2", "#d55e00", "#00805f", "#b0508f", "#8a6d00", "#4a4a4a"),
    True: ("#56b4e9", "#ff9a56", "#2fc79a", "#e59ac9", "#f0d440", "#c8c8c8"),
}
INK = {False: "#3a404a", True: "#eceef2"}  # plotly's grey is too pale for the back of a room
LONGEST = 18


def scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Colours evenly spaced, as plotly takes them."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def shown(label: str, longest: int = LONGEST) -> str:
    """A label that plotly shows literally, cut where it is too long."""
    short = label if len(label) <= longest else label[: longest - 1] + "…"
    return html.escape(short, quote=False)


def finish(figure: go.Figure, *, height: int, dark: bool) -> go.Figure:
    """Margins and font that all charts share."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        font={"size": 13},
        title={"font": {"size": 14}, "x": 0, "xanchor": "left", "y": 0.99, "yanchor": "top"},
        showlegend=False,
        hoverlabel={"font": {"size": 13}},
    )
    ink = {"color": INK[dark], "size": 13}
    figure.update_xaxes(tickfont=ink, title_font=ink)
    figure.update_yaxes(tickfont=ink, title_font=ink)
    return figure
