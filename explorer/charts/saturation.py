"""How many gate values are near closed and near open, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core import Trace
from core.recording.signals import GATES
from explorer.captions import CLOSED, OPEN, percent
from explorer.language import Texts

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLOURS = ("#3b5b92", "#b8bec9", "#d98a1f")  # closed, between, open: blue, grey, orange


def saturation_figure(trace: Trace, texts: Texts) -> go.Figure | None:
    """One bar a gate and layer, split into shares below 0.1, between, and above 0.9.

    None for a cell without gates. Values of both directions count together.
    """
    import plotly.graph_objects as go

    rows = [
        (_label(gate, layer, trace, texts), *shares(trace[gate].values[layer]))
        for gate in GATES
        if gate in trace
        for layer in range(trace[gate].sizes["layer"])
    ]
    if not rows:
        return None
    figure = go.Figure()
    for part, key in enumerate(("closed", "between", "open")):
        values = [row[1 + part] for row in rows]
        figure.add_bar(
            y=[row[0] for row in rows],
            x=values,
            name=texts(f"states.{key}"),
            orientation="h",
            marker_color=COLOURS[part],
            text=[percent(value) if value >= 0.04 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate="%{y}: %{x:.1%}<extra>" + texts(f"states.{key}") + "</extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=86 + 36 * len(rows),
        # plotly measures the labels by drawing twice, which every change of the text would pay
        margin={"l": 16 + _width([row[0] for row in rows]), "r": 16, "t": 36, "b": 30},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        font={"size": 14},
        xaxis={"range": [0, 1], "tickformat": ".0%", "automargin": False},
        yaxis={"autorange": "reversed", "automargin": False},
    )
    return figure


def shares(values: np.ndarray) -> tuple[float, float, float]:
    """Shares below 0.1, from 0.1 to 0.9, and above 0.9, of the values that are there."""
    present = values[np.isfinite(values)]
    if present.size == 0:
        return 0.0, 0.0, 0.0
    closed, opened = float((present < CLOSED).mean()), float((present > OPEN).mean())
    return closed, 1 - closed - opened, opened


def _width(labels: list[str]) -> int:
    """Pixels that the longest label takes; a Chinese character is as wide as the font is high."""
    return max(sum(14 if ord(letter) > 0x2E7F else 8 for letter in label) for label in labels)


def _label(gate: str, layer: int, trace: Trace, texts: Texts) -> str:
    name = texts(f"player.signal_{gate}")
    several = trace[gate].sizes["layer"] > 1
    return f"{name} · {texts('player.layer')} {layer + 1}" if several else name
