"""Greedy, beam and sampling side by side: how probable each text is, and how much it repeats."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.charts.gallery_generate import cost_figure
from explorer.gallery.generate_settings import OFFERED, Wish
from explorer.gallery.generate_writer import searched, written
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.pictures import is_dark

SAMPLES = 3
MOST_REPEATED = 0.2  # share of repeated runs from which a text is called repetitive


@dataclass(frozen=True)
class Way:
    """One way of writing and its text.

    bits (time,): -log2 p of each token as the network sees it. repeated: share of runs of four
    tokens that occurred before.
    """

    name: str
    text: str
    bits: np.ndarray
    repeated: float


def show(wish: Wish, texts: Texts) -> None:
    """Draw the part of the page."""
    ways = compared(wish, texts)
    st.markdown(plain_said(ways, wish, texts))
    st.html(table(ways, wish, texts))
    curves = {way.name: way.bits.cumsum() for way in ways}
    figure = cost_figure(curves, texts, dark=is_dark())
    st.plotly_chart(figure, key="g-cost", config={"displayModeBar": False})
    st.caption(texts("generate.compare_note"))


def compared(wish: Wish, texts: Texts) -> list[Way]:
    """Greedy, beam, and samples with the chosen filters from this seed on."""
    from core.generation import Filters

    greedy = written(wish.writer, wish.prompt, wish.length, Filters(temperature=0), kept=wish.kept)
    ways = [_way(texts("generate.greedy"), greedy.ids[greedy.start :].tolist(), wish)]
    free = wish.length - len(wish.kept)
    if free > 0:
        tree = searched(wish.writer, (*wish.prompt, *wish.kept), free, wish.width)
        found = [*wish.kept, *tree.tokens(tree.beams[0])]
        ways.append(_way(texts("generate.beam_of", width=wish.width), found, wish))
    seeds = len(OFFERED["g_seed"])
    for seed in ((wish.seed + number) % seeds for number in range(SAMPLES)):
        sample = written(
            wish.writer, wish.prompt, wish.length, wish.filters, seed=seed, kept=wish.kept
        )
        name = texts("generate.sample_of", seed=seed)
        ways.append(_way(name, sample.ids[sample.start :].tolist(), wish))
    return ways


def _way(name: str, ids: list[int], wish: Wish) -> Way:
    """The same text read once more gives its probabilities, however it was found."""
    from core.generation import Filters, repetition

    reread = written(wish.writer, wish.prompt, len(ids), Filters(), kept=ids)
    bits = -reread.log_probability.numpy()[reread.start - 1 :] / math.log(2)
    tokens = wish.whole([*wish.prompt, *ids])[len(wish.prompt) :]
    return Way(name, "".join(tokens), bits, repetition(ids))


def plain_said(ways: list[Way], wish: Wish, texts: Texts) -> str:
    """What the comparison shows, in a sentence."""
    greedy, *others = ways
    likeliest = min(ways, key=lambda way: way.bits.sum())
    samples = [way for way in others if way.name != texts("generate.beam_of", width=wish.width)]
    mean = float(np.mean([way.bits.mean() for way in samples]))
    said = [
        texts(
            "generate.likeliest",
            name=likeliest.name,
            bits=f"{likeliest.bits.sum():.1f}",
            each=f"{likeliest.bits.mean():.2f}",
            samples=f"{mean:.2f}",
        )
    ]
    repeating = [way for way in ways if way.repeated >= MOST_REPEATED]
    if repeating:
        most = max(repeating, key=lambda way: way.repeated)
        said.append(texts("generate.repeats", name=most.name, share=f"{100 * most.repeated:.0f}"))
    elif greedy.repeated < MOST_REPEATED:
        said.append(texts("generate.no_repeats"))
    return texts("caption.gap").join(plain(one) for one in said)


def table(ways: list[Way], wish: Wish, texts: Texts) -> str:
    """The texts as HTML, every letter of them escaped."""
    heads = ("way", "text", "whole", "each", "repeated")
    head = "".join(f"<th>{html.escape(texts(f'generate.col_{name}'))}</th>" for name in heads)
    given = html.escape(wish.text)
    rows = "".join(
        f"<tr><th>{html.escape(way.name)}</th>"
        f"<td class='g-text'><span class='g-given'>{given}</span>{html.escape(way.text)}</td>"
        f"<td>{way.bits.sum():.1f}</td><td>{way.bits.mean():.2f}</td>"
        f"<td>{100 * way.repeated:.0f}%</td></tr>"
        for way in ways
    )
    return f"<style>{STYLE}</style><table class='g-ways'><tr>{head}</tr>{rows}</table>"


STYLE = """
.g-ways { width: 100%; border-collapse: collapse; font-size: 0.95rem; line-height: 1.4; }
.g-ways th, .g-ways td { text-align: left; vertical-align: top; padding: 4px 10px;
  border-bottom: 1px solid rgb(128 128 128 / 30%); font-variant-numeric: tabular-nums; }
.g-ways th { font-weight: 600; white-space: nowrap; }
.g-ways .g-text { width: 70%; white-space: pre-wrap; overflow-wrap: anywhere; }
.g-ways .g-given { opacity: 0.65; }
"""
