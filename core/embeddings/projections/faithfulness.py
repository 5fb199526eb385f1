"""How much of a neighbourhood survives when many dimensions are drawn with two or three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 10
MOST_EXACT = 3000
MOST_SAMPLED = 1000
"""Rows up to which every pair is compared; above them, so many drawn rows with all."""
BLOCK = 1 << 24  # numbers held at a time


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """What a layout keeps of the k nearest neighbours of each row.

    Parameters
    ----------
    trustworthiness
        From 0 to 1: rows that are near only in the layout are counted against it, by how far
        they really are (0.5 is about what a random layout gets).
    overlap
        Mean share of the k nearest neighbours that are the same before and after.
    distortion
        For each row the share of its k nearest neighbours in the layout that are not among its
        k nearest before, float32 of shape (N,). With a sample, its nearest among the rows of the
        sample are compared.
    neighbours
        k.
    sampled
        How many rows were drawn to measure it; None when all pairs were compared.
    """

    trustworthiness: float
    overlap: float
    distortion: np.ndarray
    neighbours: int
    sampled: int | None


def measure_faithfulness(
    original: np.ndarray,
    layout: np.ndarray,
    *,
    neighbours: int = NEIGHBOURS,
    most: int = MOST_EXACT,
    seed: int = 0,
) -> Faithfulness:
    """Compare the nearest neighbours before and after, by Euclidean distance.

    With r(i, j) the rank of j among the neighbours of i in the original space, and the sum over
    the k nearest of i in the layout,

        trustworthiness = 1 - 2 / (N k (2N - 3k - 1)) sum_i sum_j max(0, r(i, j) - k)

    k is ``neighbours``, or less than half the rows where they are few. With more than ``most``
    rows the sum over i runs over 1000 drawn at random, each compared with all rows.

    Source: Venna and Kaski, *Neighborhood preservation in nonlinear projection methods*, 2001.
    """
    count = len(original)
    k = max(1, min(neighbours, (count - 1) // 2))
    if count <= most:
        asked = np.arange(count)
        lost, penalty = _compare(original, layout, asked, k)
        distortion, sampled = lost, None
    else:
        sampled = min(most, MOST_SAMPLED)
        asked = np.sort(np.random.default_rng(seed).choice(count, sampled, replace=False))
        lost, penalty = _compare(original, layout, asked, k)
        distortion = _distortion_to(original, layout, asked, k)
    scale = 2.0 / (len(asked) * k * (2.0 * count - 3.0 * k - 1.0))
    return Faithfulness(
        trustworthiness=float(1.0 - scale * penalty),
        overlap=float(1.0 - lost.mean()),
        distortion=distortion.astype(np.float32),
        neighbours=k,
        sampled=sampled,
    )


def nearest_rows(
    asking: np.ndarray, asked: np.ndarray, k: int, *, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of ``asked`` to each row of ``asking``, with distances, nearest first.

    ``own`` (len(asking),) is each row's place among ``asked``, which is left out; -1 for none.
    Exact, in blocks of bounded memory.
    """
    rows = np.empty((len(asking), k), dtype=np.int64)
    distances = np.empty((len(asking), k), dtype=np.float32)
    for piece, squared in _squared_distances(asking, asked, own):
        part = np.argpartition(squared, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(squared, part, axis=1)
        order = np.argsort(values, axis=1, kind="stable")
        rows[piece] = np.take_along_axis(part, order, axis=1)
        distances[piece] = np.sqrt(np.take_along_axis(values, order, axis=1))
    return rows, distances


def _squared_distances(
    asking: np.ndarray, asked: np.ndarray, own: np.ndarray
) -> Iterator[tuple[slice, np.ndarray]]:
    """Pieces of ``asking`` and their squared distances to all of ``asked``; own are infinite."""
    asked = asked.astype(np.float32)
    middle = asked.mean(axis=0)  # a common offset would cost digits
    asked = asked - middle
    lengths = np.vecdot(asked, asked)
    height = max(1, BLOCK // len(asked))
    for start in range(0, len(asking), height):
        piece = slice(start, min(start + height, len(asking)))
        block = asking[piece].astype(np.float32) - middle
        squared = lengths - 2.0 * (block @ asked.T)
        squared += np.vecdot(block, block)[:, None]
        np.maximum(squared, 0.0, out=squared)
        places = own[piece]
        inside = np.flatnonzero(places >= 0)
        squared[inside, places[inside]] = np.inf
        yield piece, squared


def _compare(
    original: np.ndarray, layout: np.ndarray, asked: np.ndarray, k: int
) -> tuple[np.ndarray, float]:
    """For each asked row the share of lost neighbours; and the sum of max(0, rank - k)."""
    near, _ = nearest_rows(layout[asked], layout, k, own=asked)
    lost = np.empty(len(asked), dtype=np.float32)
    penalty = 0.0
    for piece, squared in _squared_distances(original[asked], original, asked):
        of_near = np.take_along_axis(squared, near[piece], axis=1)
        squared.sort(axis=1)  # sorting values is many times as fast as sorting places
        for place, (row, wanted) in enumerate(zip(squared, of_near), start=piece.start):
            ranks = 1 + np.searchsorted(row, wanted)
            lost[place] = (ranks > k).mean()
            penalty += float(np.maximum(0, ranks - k).sum())
    return lost, penalty


def _distortion_to(
    original: np.ndarray, layout: np.ndarray, sample: np.ndarray, k: int
) -> np.ndarray:
    """Share of the k nearest rows of a sample that differ before and after, for every row."""
    own = np.full(len(original), -1)
    own[sample] = np.arange(len(sample))
    lost = np.empty(len(original))
    blocks = zip(
        _squared_distances(original, original[sample], own),
        _squared_distances(layout, layout[sample], own),
    )
    for (piece, before), (_, after) in blocks:
        kept = _k_smallest(before, k) & _k_smallest(after, k)
        lost[piece] = 1.0 - np.minimum(kept.sum(axis=1) / k, 1.0)
    return lost


def _k_smallest(values: np.ndarray, k: int) -> np.ndarray:
    """Which values of each row are among its k smallest; more where several are equal."""
    return values <= np.partition(values, k - 1, axis=1)[:, k - 1 : k]
