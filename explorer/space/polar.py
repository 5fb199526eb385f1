"""A polar view: some words along many directions at once."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.embeddings.axes import custom_axes
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.explain import explain
from explorer.space.leanings import split_words
from explorer.space.scene import Scene
from explorer.space.settings import EXAMPLES as AXES
from explorer.words.pictures import draw, is_dark

WORDS = {"en": "king queen boy girl paris second", "zh": "国王 女王 男孩 女孩 第二 马驹"}
MORE_AXES = {"en": ("boy - girl", "king - boy"), "zh": ("男孩 - 女孩", "国王 - 男孩")}
MOST_AXES, MOST_WORDS = 12, 12


def show_polar(scene: Scene, texts: Texts) -> None:
    """Formulas, words, and the figure."""
    first = "\n".join([*AXES[texts.language], *MORE_AXES[texts.language]])
    chosen("polar_axes", first)
    chosen("polar_words", WORDS[texts.language])
    left, right = st.columns([1, 2])
    left.text_area(
        texts("space.polar_axes", most=MOST_AXES),
        key="polar_axes",
        height=180,
        help=texts("space.formula_help"),
    )
    left.text_input(texts("space.polar_words", most=MOST_WORDS), key="polar_words")
    axes, words = st.session_state["polar_axes"], st.session_state["polar_words"]
    publish(
        polar_axes=None if axes == first else axes,
        polar_words=None if words == WORDS[texts.language] else words,
    )
    formulas = [line.strip() for line in axes.splitlines() if line.strip()][:MOST_AXES]
    asked = split_words(words)[:MOST_WORDS]
    known = [word for word in asked if word in scene.source.vectors]
    try:
        rows = np.array([scene.source.vectors.index[word] for word in known], dtype=np.int64)
        found = custom_axes(scene.source.vectors, formulas, rows=rows)
    except ValueError as error:
        right.error(explain(error, texts))
        return
    from explorer.charts.polar import polar_figure

    figure = polar_figure(found.coordinates, known, formulas, dark=is_dark())
    with right:
        draw(figure, "polar", _alt(known, formulas, found.coordinates, texts))
    unknown = [word for word in asked if word not in scene.source.vectors]
    if unknown:
        listed = texts("space.listed").join(word[:40] for word in unknown)
        left.caption(plain(texts("space.unknown_words", words=listed)))


def _alt(words: list[str], formulas: list[str], places: np.ndarray, texts: Texts) -> str:
    """For each direction the word that lies furthest along it."""
    if not words:
        return ""
    best = places.argmax(axis=0)
    named = [f"{formula}: {words[row]}" for formula, row in zip(formulas, best)]
    return texts("space.polar_alt", found="; ".join(named))
