"""The nearest neighbours of the chosen word, exact and among all words of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.embeddings import WordVectors
from core.embeddings.similarity import distances
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.scene import Scene
from explorer.space.settings import isolate
from explorer.space.tables import word_table

COUNTS = ("10", "20", "50", "100", "200")


def show_neighbours(scene: Scene, texts: Texts) -> None:
    """The table, the words it predicts beside it, and a button that isolates them."""
    chosen("nearest", "10", COUNTS)
    title, count, button = st.columns([3, 1.4, 1.6], vertical_alignment="bottom")
    title.markdown(f"##### {plain(texts('space.neighbours_of', word=scene.word[:60]))}")
    count.select_slider(texts("space.count"), COUNTS, key="nearest")
    k = int(st.session_state["nearest"])
    publish(nearest=None if k == 10 else str(k))
    near = max(k, 20)
    if button.button(
        texts("space.isolate", near=near), icon=":material/zoom_in_map:", width="stretch"
    ):
        isolate(scene.word, near)
        st.rerun()
    vectors, metric = scene.source.vectors, scene.view.metric
    found = vectors.nearest(scene.word, k, metric=metric)
    outputs = scene.source.outputs
    left, right = st.columns(2) if outputs is not None else (st.container(), None)
    with left:
        _table(scene, vectors, [word for word, _ in found], texts)
    if right is not None and outputs is not None:
        with right:
            _contexts(scene, outputs, k, texts)


def _table(scene: Scene, vectors: WordVectors, words: list[str], texts: Texts) -> None:
    rows = np.array([vectors.index[word] for word in words])
    apart = distances(vectors.vectors[rows], vectors.lengths[rows], vectors[scene.word])
    columns: dict[str, Sequence[Any]] = {
        texts("space.rank"): list(range(1, len(words) + 1)),
        texts("space.word"): [word[:200] for word in words],
        texts("space.cosine"): [round(vectors.similarity(scene.word, one), 4) for one in words],
        texts("space.distance"): [round(float(one), 4) for one in apart],
    }
    if scene.source.counts is not None:
        columns[texts("space.frequency")] = scene.source.counts[rows].tolist()
    key = f"near-{scene.source.id}-{scene.view.metric}-{scene.word}-{len(words)}"
    word_table(columns, words, key=key)


def _contexts(scene: Scene, outputs: WordVectors, k: int, texts: Texts) -> None:
    """Input against output vectors: which words the chosen one expects around itself."""
    scores = outputs.vectors @ scene.source.vectors[scene.word]
    order = np.argsort(-scores, kind="stable")[:k]
    words = [outputs.words[row] for row in order]
    columns: dict[str, Sequence[Any]] = {
        texts("space.rank"): list(range(1, len(words) + 1)),
        texts("space.context"): [word[:200] for word in words],
        texts("space.score"): [round(float(scores[row]), 3) for row in order],
        texts("space.also_near"): [
            round(scene.source.vectors.similarity(scene.word, one), 4) for one in words
        ],
    }
    word_table(columns, words, key=f"contexts-{scene.source.id}-{scene.word}-{k}")
    st.caption(texts("space.contexts_help"))
