"""Two embeddings of the same words, turned onto each other: which words changed most?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.embeddings.similarity import ROWS_AT_A_TIME
from core.embeddings.word_vectors import WordVectors

FEWEST = 2


@dataclass(frozen=True, eq=False)
class Alignment:
    """The rotation that brings one embedding closest to another.

    Parameters
    ----------
    words
        The N words that both have, in the order of the second.
    rotation
        Orthogonal, float64 of shape (size, size): a row x of the first becomes x @ rotation.
    similarity
        Cosine of each word with itself after the turn, float64 of shape (N,).
    first_rows, second_rows
        Rows of the words in each embedding, int64 of shape (N,).
    """

    words: tuple[str, ...]
    rotation: np.ndarray
    similarity: np.ndarray
    first_rows: np.ndarray
    second_rows: np.ndarray


@dataclass(frozen=True)
class Change:
    """How much one word changed.

    Parameters
    ----------
    similarity
        Cosine of its two vectors after the turn.
    shared
        Share of its nearest words, among the words of both embeddings, that stayed the same.
    before, after
        Its nearest words in each embedding.
    """

    word: str
    similarity: float
    shared: float
    before: tuple[str, ...]
    after: tuple[str, ...]


def procrustes(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The orthogonal R of shape (size, size) that makes |source R - target| smallest.

        source^T target = U S V^T,   R = U V^T

    Source: Schönemann, *A Generalized Solution of the Orthogonal Procrustes Problem*, 1966.

    Raises
    ------
    ValueError
        The shapes differ, or a number is not finite.
    """
    if source.shape != target.shape or source.ndim != 2:
        raise ValueError(
            f"arrays of shape {source.shape} and {target.shape} came; both must be (N, size)"
        )
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise ValueError("some numbers are not finite; leave the rows with NaN or infinity out")
    product = np.zeros((source.shape[1], source.shape[1]))
    for start in range(0, len(source), ROWS_AT_A_TIME):
        piece = slice(start, start + ROWS_AT_A_TIME)
        product += source[piece].astype(np.float64).T @ target[piece].astype(np.float64)
    left, _, right = np.linalg.svd(product)
    return left @ right


def align(first: WordVectors, second: WordVectors) -> Alignment:
    """Turn the first embedding onto the second, on the words that both have.

    Every vector is scaled to length 1, so that the similarities that come out are the cosines
    that were made as large as possible on average. The narrower embedding is filled up with
    zeros, which changes no cosine within it. Words whose vector is zero or not finite in either
    are left out.

    Raises
    ------
    ValueError
        Fewer than two words are in both.
    """
    shared = [word for word in second.words if word in first.index]
    first_rows = np.array([first.index[word] for word in shared], dtype=np.int64)
    second_rows = np.array([second.index[word] for word in shared], dtype=np.int64)
    size = max(first.size, second.size)
    source, target = _units(first, first_rows, size), _units(second, second_rows, size)
    usable = _usable(source) & _usable(target)
    if usable.sum() < FEWEST:
        raise ValueError(
            f"{int(usable.sum())} words are in both embeddings; at least {FEWEST} are needed. "
            "Are both in the same language, written the same way (upper and lower case)?"
        )
    source, target = source[usable], target[usable]
    rotation = procrustes(source, target)
    return Alignment(
        words=tuple(word for word, keep in zip(shared, usable) if keep),
        rotation=rotation,
        similarity=np.vecdot(source @ rotation, target),
        first_rows=first_rows[usable],
        second_rows=second_rows[usable],
    )


def most_changed(
    first: WordVectors, second: WordVectors, *, count: int = 20, neighbours: int = 10
) -> list[Change]:
    """The words that the turn leaves furthest from themselves, the most changed first.

    One rotation cannot tell a change of meaning from a rare word's noise; the words around it,
    before and after, help to judge.

    Raises
    ------
    ValueError
        ``count`` or ``neighbours`` is below 1, or fewer than two words are in both.
    """
    if count < 1 or neighbours < 1:
        raise ValueError(f"count {count} and neighbours {neighbours} came; at least 1 each")
    alignment = align(first, second)
    order = np.argsort(alignment.similarity, kind="stable")[:count]
    before = _nearest(first, alignment.first_rows, order, neighbours)
    after = _nearest(second, alignment.second_rows, order, neighbours)
    changes = []
    for place, row in enumerate(order):
        old, new = before[place], after[place]
        changes.append(
            Change(
                word=alignment.words[row],
                similarity=float(alignment.similarity[row]),
                shared=len(set(old) & set(new)) / len(old),
                before=tuple(alignment.words[other] for other in old),
                after=tuple(alignment.words[other] for other in new),
            )
        )
    return changes


def _units(vectors: WordVectors, rows: np.ndarray, size: int) -> np.ndarray:
    """The given rows at length 1 and ``size`` numbers wide, float64."""
    units = np.zeros((len(rows), size))
    lengths = vectors.lengths[rows].astype(np.float64)
    np.divide(
        vectors.vectors[rows],
        lengths[:, None],
        out=units[:, : vectors.size],
        where=lengths[:, None] > 0,
    )
    return units


def _usable(units: np.ndarray) -> np.ndarray:
    return np.isfinite(units).all(axis=1) & units.any(axis=1)


def _nearest(
    vectors: WordVectors, rows: np.ndarray, asked: np.ndarray, count: int
) -> list[list[int]]:
    """For each asked place among ``rows``, the places of the nearest others by cosine."""
    units = _units(vectors, rows, vectors.size).astype(np.float32)
    scores = units[asked] @ units.T
    scores[np.arange(len(asked)), asked] = -np.inf
    count = min(count, len(rows) - 1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return order.tolist()
