"""How like each drawn word is to the chosen one, in the original space."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.embeddings.similarity import cosines, distances, largest
from explorer.shared import shared
from explorer.space.layouts import key_of
from explorer.space.scene import Scene


def likeness(scene: Scene) -> np.ndarray:
    """Cosine with the chosen word, or the distance to it below zero: shape (drawn words,)."""
    placed = scene.placed
    key = (*key_of(scene.view, words_only=True), scene.view.metric, len(placed.rows))
    return _likeness((*key, int(placed.rows[-1]), scene.word), scene)


def likest(scene: Scene, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of the k drawn words nearest to the chosen one, nearest first, and their likeness."""
    found = likeness(scene)
    own = np.flatnonzero(scene.placed.rows == scene.source.vectors.index[scene.word])
    near = largest(found, k, own.tolist())
    return near, found[near]


@shared
def _likeness(key: tuple[Any, ...], _scene: Scene) -> np.ndarray:
    vectors, rows = _scene.source.vectors, _scene.placed.rows
    # The first rows of a file are looked at where they lie; others have to be gathered.
    some = slice(len(rows)) if rows[-1] == len(rows) - 1 else rows
    table, lengths = vectors.vectors[some], vectors.lengths[some]
    if _scene.view.metric == "euclidean":
        return -distances(table, lengths, vectors[_scene.word])
    return cosines(table, lengths, vectors[_scene.word])
