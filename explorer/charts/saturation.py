"""How many gate values are near closed and near open, as bars.

Plain markup, not plotly: it is redrawn with every change of the text, and a few bars are there in
a tenth of the time.
"""

from __future__ import annotations

import html
from typing import NamedTuple

import numpy as np

from core import Trace
from core.recording.signals import GATES
from explorer.captions import CLOSED, OPEN, percent
from explorer.language import Texts

PARTS = ("closed", "between", "open")
COLOURS = {"closed": "#3b5b92", "between": "#b8bec9", "open": "#d98a1f"}  # blue, grey, orange
INKS = {"closed": "#ffffff", "between": "#1d2129", "open": "#1d2129"}
WIDE_ENOUGH = 0.04  # a narrower part has no room for its number
STYLE = """
.saturation { display: grid; grid-template-columns: max-content 1fr; gap: 6px 12px;
  align-items: center; font-size: 14px; }
.saturation-legend { grid-column: 2; display: flex; gap: 20px; flex-wrap: wrap; }
.saturation-legend i { display: inline-block; width: 12px; height: 12px; margin-right: 6px; }
.saturation-bar { display: flex; height: 28px; }
.saturation-bar span { display: flex; align-items: center; justify-content: center;
  overflow: hidden; }
"""


class Bar(NamedTuple):
    """A gate of one layer, and its shares closed, between and open."""

    label: str
    shares: tuple[float, float, float]


def saturation_bars(trace: Trace, texts: Texts) -> list[Bar]:
    """One bar a gate and layer, split into shares below 0.1, between, and above 0.9.

    Nothing for a cell without gates. Values of both directions count together.
    """
    return [
        Bar(_label(gate, layer, trace, texts), shares(trace[gate].values[layer]))
        for gate in GATES
        if gate in trace
        for layer in range(trace[gate].sizes["layer"])
    ]


def saturation_html(bars: list[Bar], texts: Texts) -> str:
    """The bars under their legend, as markup."""
    legend = "".join(
        f'<span><i style="background:{COLOURS[part]}"></i>{html.escape(texts(f"states.{part}"))}'
        "</span>"
        for part in PARTS
    )
    rows = "".join(
        f'<span>{html.escape(bar.label)}</span><div class="saturation-bar">'
        + "".join(_part(part, share, texts) for part, share in zip(PARTS, bar.shares))
        + "</div>"
        for bar in bars
    )
    return (
        f'<style>{STYLE}</style><div class="saturation">'
        f'<div class="saturation-legend">{legend}</div>{rows}</div>'
    )


def shares(values: np.ndarray) -> tuple[float, float, float]:
    """Shares below 0.1, from 0.1 to 0.9, and above 0.9, of the values that are there."""
    present = values[np.isfinite(values)]
    if present.size == 0:
        return 0.0, 0.0, 0.0
    closed, opened = float((present < CLOSED).mean()), float((present > OPEN).mean())
    return closed, 1 - closed - opened, opened


def _part(part: str, share: float, texts: Texts) -> str:
    number = percent(share) if share >= WIDE_ENOUGH else ""
    title = html.escape(f"{texts(f'states.{part}')}: {share:.1%}")
    colours = f"background:{COLOURS[part]};color:{INKS[part]}"
    return f'<span style="width:{share:.4%};{colours}" title="{title}">{number}</span>'


def _label(gate: str, layer: int, trace: Trace, texts: Texts) -> str:
    name = texts(f"player.signal_{gate}")
    several = trace[gate].sizes["layer"] > 1
    return f"{name} · {texts('player.layer')} {layer + 1}" if several else name
