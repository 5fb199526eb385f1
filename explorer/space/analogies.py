"""a is to b as c is to what? Both methods, with and without the question's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import streamlit as st

from core.embeddings import WordVectors
from core.embeddings.formulas import written
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.chosen import ask_for
from explorer.space.scene import Line, Scene
from explorer.space.sources import Source
from explorer.space.tables import word_table

Method = Literal["3cosadd", "3cosmul"]
METHODS: tuple[Method, ...] = ("3cosadd", "3cosmul")
EXAMPLES = {
    "en": ("man", "king", "woman", "queen"),
    "zh": ("男人", "国王", "女人", "女王"),
}
FIELDS = ("analogy_a", "analogy_b", "analogy_c", "analogy_d")
SHOWN = 10


def show_analogy(scene: Scene, texts: Texts) -> None:
    """The question, its best answers, and where the expected one stands."""
    _fields(texts)
    a, b, c, expected = question()
    vectors = scene.source.vectors
    unknown = [word for word in (a, b, c) if word not in vectors]
    if unknown:
        words = texts("space.listed").join(word[:40] or "␣" for word in unknown)
        st.info(plain(texts("space.unknown_words", words=words)))
        return
    method = st.session_state["analogy_by"]
    scores = vectors.analogy_scores(a, b, c, method=method)
    own = [vectors.index[word] for word in (a, b, c)]
    said, button = st.columns([4, 1], vertical_alignment="center")
    said.markdown(plain(_answer(vectors, scores, own, expected, texts)))
    if button.button(
        texts("space.analogy_flat"),
        help=texts("space.analogy_flat_help"),
        on_click=lay_flat,
        args=(a, b, c),
        key="lay-flat",
        width="stretch",
    ):
        st.rerun()
    left, right = st.columns(2)
    for column, key in ((left, "without"), (right, "with")):
        order = _ranked(scores, own if key == "without" else [])[:SHOWN]
        answers = [vectors.words[row] for row in order]
        with column:
            st.caption(texts(f"space.analogy_{key}"))
            word_table(
                {
                    texts("space.rank"): list(range(1, len(answers) + 1)),
                    texts("space.word"): [word[:200] for word in answers],
                    texts("space.score"): [round(float(scores[row]), 4) for row in order],
                },
                answers,
                key=f"analogy-{key}-{scene.source.id}-{a}-{b}-{c}-{method}",
            )


def analogy_lines(source: Source, texts: Texts) -> list[Line]:
    """The parallelogram of the question: a to b and c to the answer, and the sides dashed."""
    _prepare(texts)
    a, b, c, expected = question()
    vectors = source.vectors
    if any(word not in vectors for word in (a, b, c)):
        return []
    answer = expected
    if answer not in vectors:
        found = vectors.analogy(a, b, c, method=st.session_state["analogy_by"], k=1)
        if not found:
            return []
        answer = found[0][0]
    ask_for(a, b, c, answer)
    return [(a, b, "arrow"), (c, answer, "arrow"), (a, c, "dashed"), (b, answer, "dashed")]


def lay_flat(a: str, b: str, c: str) -> None:
    """Draw the words on the two sides of the question, from the next run on."""
    st.session_state["projection"], st.session_state["dimensions"] = "axes", "2"
    st.session_state["axis_x"] = f"{written(b)} - {written(a)}"
    st.session_state["axis_y"] = f"{written(c)} - {written(a)}"


def question() -> tuple[str, str, str, str]:
    """The three words and the expected one, as they are written."""
    a, b, c, d = (st.session_state[name].strip() for name in FIELDS)
    return a, b, c, d


def _prepare(texts: Texts) -> None:
    for name, word in zip(FIELDS, EXAMPLES[texts.language]):
        chosen(name, word, most=100)
    chosen("analogy_by", "3cosadd", METHODS)


def _fields(texts: Texts) -> None:
    """Four fields that read as a sentence, and the method."""
    for name, place in zip((*FIELDS, "by"), st.columns([1, 1, 1, 1, 1.5])):
        if name == "by":
            place.segmented_control(
                texts("space.analogy_by"),
                METHODS,
                format_func=lambda one: texts(f"space.analogy_{one}"),
                key="analogy_by",
                required=True,
            )
        else:
            place.text_input(texts(f"space.{name}"), key=name, max_chars=100)
    values = {name: st.session_state[name] for name in FIELDS}
    is_first = tuple(values.values()) == EXAMPLES[texts.language]
    by = st.session_state["analogy_by"]
    publish(
        **({name: None if is_first else value or None for name, value in values.items()}),
        analogy_by=None if by == "3cosadd" else by,
    )


def _ranked(scores: np.ndarray, hidden: Sequence[int]) -> np.ndarray:
    """Rows by falling score; hidden ones and those without a score are left out."""
    scores = np.where(np.isnan(scores), -np.inf, scores)
    scores[list(hidden)] = -np.inf
    order = np.argsort(-scores, kind="stable")
    return order[: int((scores > -np.inf).sum())]


def _answer(
    vectors: WordVectors,
    scores: np.ndarray,
    own: Sequence[int],
    expected: str,
    texts: Texts,
) -> str:
    """The best answer, whether a word of the question beats it, and the expected one's ranks."""
    without, every = _ranked(scores, own), _ranked(scores, [])
    best, first = vectors.words[without[0]], vectors.words[every[0]]
    said = texts("space.analogy_best", word=best[:60], score=f"{scores[without[0]]:.3f}")
    gap = texts("caption.gap")
    if every[0] != without[0]:
        said += gap + texts("space.analogy_own", word=first[:60], score=f"{scores[every[0]]:.3f}")
    if expected in vectors:
        row = vectors.index[expected]
        ranks = [int(np.flatnonzero(order == row)[0]) + 1 if row in order else None
                 for order in (without, every)]  # fmt: skip
        if None not in ranks:
            said += gap + texts(
                "space.analogy_rank", word=expected[:60], without=ranks[0], every=ranks[1]
            )
    elif expected:
        said += gap + texts("space.analogy_missing", word=expected[:60])
    return said
