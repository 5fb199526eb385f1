"""Similarity of one vector to many, and the k best of many scores."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

ROWS_AT_A_TIME = 65_536


def products(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Inner product of a vector with each of V rows, shape (V,).

    ``vecdot`` reads the rows once at the speed of memory; a BLAS matrix-vector product took 2
    to 5 times as long on 400,000 x 300, and more when other threads wanted the cores.
    """
    query = np.ascontiguousarray(query, dtype=vectors.dtype)
    out = np.empty(len(vectors), dtype=vectors.dtype)
    for start in range(0, len(vectors), ROWS_AT_A_TIME):
        piece = slice(start, start + ROWS_AT_A_TIME)
        np.vecdot(vectors[piece], query, out=out[piece])
    return out


def row_lengths(vectors: np.ndarray) -> np.ndarray:
    """Euclidean length of each of V rows, shape (V,).

    Of float32 rows whose squares are too large or too small for it, the length is taken in
    float64.
    """
    squared = np.empty(len(vectors), dtype=vectors.dtype)
    for start in range(0, len(vectors), ROWS_AT_A_TIME):
        piece = vectors[start : start + ROWS_AT_A_TIME]
        with np.errstate(over="ignore"):
            np.vecdot(piece, piece, out=squared[start : start + len(piece)])
    lengths = np.sqrt(squared)
    least = np.finfo(vectors.dtype).tiny
    extreme = np.flatnonzero(np.isinf(squared) | (squared < least))
    for rows in np.array_split(extreme, 1 + len(extreme) // ROWS_AT_A_TIME):
        lengths[rows] = np.linalg.norm(vectors[rows].astype(np.float64), axis=1)
    return lengths


def cosines(vectors: np.ndarray, lengths: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Cosine of a vector with each of V rows, shape (V,); 0 where either is a zero vector."""
    query = np.asarray(query, dtype=vectors.dtype)
    length = np.linalg.norm(query.astype(np.float64))
    scores = products(vectors, query / length if length > 0 else query)
    return np.divide(scores, lengths, out=np.zeros_like(scores), where=lengths != 0)


def distances(vectors: np.ndarray, lengths: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Length of the difference of a vector with each of V rows, float64 of shape (V,).

    |v - q|^2 = |v|^2 - 2 v.q + |q|^2 needs one pass and no copy of the rows. It loses digits
    where v and q almost agree, so those rows are done again by subtraction.
    """
    query = np.asarray(query, dtype=vectors.dtype)
    length = float(np.linalg.norm(query.astype(np.float64)))
    own, squared_lengths = length**2, lengths.astype(np.float64) ** 2
    along = products(vectors, query / (length or 1.0)).astype(np.float64)
    squared = squared_lengths - 2.0 * length * along + own
    close = np.flatnonzero(squared < 1e-3 * (own + squared_lengths))
    for rows in np.array_split(close, 1 + len(close) // ROWS_AT_A_TIME):
        difference = vectors[rows].astype(np.float64) - query
        squared[rows] = np.vecdot(difference, difference)
    return np.sqrt(np.maximum(squared, 0.0))


def three_cos_mul(to_a: np.ndarray, to_b: np.ndarray, to_c: np.ndarray) -> np.ndarray:
    """3CosMul from the cosines of every word with a, b and c, each moved to the range 0 to 1."""
    to_a, to_b, to_c = ((1 + cosine) / 2 for cosine in (to_a, to_b, to_c))
    return to_b * to_c / (to_a + 1e-6)


def largest(scores: np.ndarray, k: int, left_out: Collection[int] = ()) -> np.ndarray:
    """Rows of the k largest scores, best first; equal scores in row order; NaN never.

    O(V + k log k): a partition finds the k, and only they are sorted.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1; {k} came")
    scores = np.where(np.isnan(scores), -np.inf, scores)
    scores[list(left_out)] = -np.inf
    k = min(k, len(scores))
    threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
    rows = np.flatnonzero(scores >= threshold)
    rows = rows[np.argsort(-scores[rows], kind="stable")][:k]
    return rows[scores[rows] > -np.inf]
