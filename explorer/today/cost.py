"""Part 3: what the next token costs after many: one state, or everything that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.charts.today import lengths_figure
from explorer.language import Texts
from explorer.shared import shared
from explorer.words.pictures import draw, is_dark, say
from explorer.words.settings import option

if TYPE_CHECKING:
    from core.race.token_cost import TokenCost

WIDTHS = ("32", "64", "128", "256")
LENGTHS = tuple(4**power for power in range(1, 8))  # 4 to 16,384


def show(texts: Texts) -> None:
    """Draw the part."""
    width = int(option("today_width", WIDTHS, "64", texts("today.width")))
    with st.spinner(texts("today.measuring")):
        recurrent, attention = costs(width)
    say(texts, *sentences(width, recurrent, attention, texts))
    names = (texts("today.recurrent"), texts("today.attention"))
    pictures = {
        "kept": ("kept", 1.0),
        "multiply_adds": ("multiply_adds", 1.0),
        "micro": ("seconds", 1e6),
    }
    for column, (key, (field, unit)) in zip(st.columns(len(pictures)), pictures.items()):
        with column:
            title = texts(f"today.{key}")
            figure = lengths_figure(
                LENGTHS,
                {
                    name: [unit * getattr(cost, field) for cost in found]
                    for name, found in zip(names, (recurrent, attention))
                },
                labels=(texts("today.tokens_read"), texts(f"today.{key}_axis")),
                title=title,
                dark=is_dark(),
            )
            draw(figure, f"cost-{key}", title)


def sentences(
    width: int, recurrent: list[TokenCost], attention: list[TokenCost], texts: Texts
) -> tuple[str, ...]:
    """What was counted and measured."""
    slower = [a.tokens for r, a in zip(recurrent, attention) if a.seconds > r.seconds]
    longest = attention[-1]
    return (
        texts(
            "today.cost_kept",
            width=width,
            recurrent=f"{recurrent[-1].kept:,}",
            attention=f"{longest.kept:,}",
            tokens=f"{longest.tokens:,}",
        ),
        texts("today.cost_adds", cross=f"{width:,}"),
        texts("today.cost_slower", tokens=f"{slower[0]:,}") if slower else "",
        texts(
            "today.cost_seconds",
            recurrent=f"{1e6 * recurrent[-1].seconds:.0f}",
            attention=f"{1e6 * longest.seconds:.0f}",
            tokens=f"{longest.tokens:,}",
        ),
    )


@shared
def costs(width: int) -> tuple[list[TokenCost], list[TokenCost]]:
    """Counted, and measured on one thread of this computer."""
    import torch

    from core.race.token_cost import token_costs

    torch.set_num_threads(1)
    return token_costs(width, LENGTHS)
