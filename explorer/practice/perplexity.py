"""Perplexity beside bits: one mean loss, in the units in which it is reported."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import streamlit as st

from explorer.captions import visible
from explorer.charts.practice import surprise_figure
from explorer.language import Texts
from explorer.models import load, read
from explorer.players.payload import target_probability
from explorer.practice.choices import choose_network, choose_text
from explorer.sidebar import plain
from explorer.words.pictures import draw, is_dark


class Surprise(NamedTuple):
    r"""How far a text surprised a network.

    bits: :math:`-\log_2 p` of each character but the first, (T - 1,), NaN for one that it does not
    know. nats, mean: the mean in nats and in bits. perplexity: 2 to the mean, e to the nats: as
    unsure as an even choice among so many. word: perplexity for each of the ``words``, which is
    2 to the bits of a word; None for a text without blanks.
    """

    bits: np.ndarray
    nats: float
    mean: float
    perplexity: float
    words: int
    word: float | None


def surprise(probabilities: np.ndarray, text: str) -> Surprise:
    """``probabilities``: of each character that came, (T - 1,). Raises ValueError if none is."""
    known = probabilities[~np.isnan(probabilities)]
    if not len(known):
        raise ValueError("No character of the text is known to the network; nothing to measure.")
    with np.errstate(divide="ignore"):
        bits = -np.log2(probabilities)
    total = float(np.nansum(bits))
    mean = total / len(known)
    words = len(text.split())
    word = 2 ** (total / words) if words > 1 and math.isfinite(total) else None
    return Surprise(bits, mean * math.log(2), mean, 2**mean, words, word)


def show(texts: Texts) -> None:
    """The surprise of each character, and the same mean as nats, bits and perplexity."""
    card = choose_network(texts)
    text = choose_text(card, texts)
    probabilities = target_probability(read(card.id, text, "last"))[:-1]
    if np.isnan(probabilities).all():
        st.info(texts("practice.nothing_known"))
        return
    found = surprise(probabilities, text)
    classes = len(load(card.id).vocabulary)
    st.markdown(sentence_of(found, text, classes, texts))
    figure = surprise_figure(
        found.bits,
        [visible(token) for token in text[1:]],
        found.mean,
        math.log2(classes),
        texts,
        dark=is_dark(),
    )
    draw(figure, "practice-perplexity", sentence_of(found, text, classes, texts))


def sentence_of(found: Surprise, text: str, classes: int, texts: Texts) -> str:
    """One mean in three units, the most surprising character, and a warning about words."""
    worst = int(np.nanargmax(found.bits))
    said = texts(
        "practice.perplexity_caption",
        count=int((~np.isnan(found.bits)).sum()),
        nats=f"{found.nats:.3f}",
        bits=f"{found.mean:.3f}",
        perplexity=f"{found.perplexity:.2f}",
        classes=classes,
        even=f"{math.log2(classes):.2f}",
        token=plain(visible(text[worst + 1])),
        place=worst + 2,
        most=f"{found.bits[worst]:.1f}",
    )
    if found.word is None:
        return said
    word = f"{found.word:.3g}" if found.word < 1e4 else f"{found.word:.1e}"
    return said + texts("practice.perplexity_word", words=found.words, word=word)
