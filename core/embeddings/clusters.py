"""Groups of words that lie in the same direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_FITTED = 5_000
"""Rows on which the centres are found; of more a sample is drawn."""
MANY_STARTS_UP_TO = 2_000


@dataclass(frozen=True, eq=False)
class Clusters:
    """k groups, the largest first.

    Parameters
    ----------
    group
        Group of each row, int32 of shape (V,).
    centre_rows
        The row nearest to each group's centre, int64 of shape (k,): its word names the group.
    """

    group: np.ndarray
    centre_rows: np.ndarray


def cluster(vectors: np.ndarray, k: int = 8, *, seed: int = 0) -> Clusters:
    """k-means on the rows scaled to length 1, so that the direction alone counts.

    Of more than 5,000 rows the centres are found on so many drawn at random, and every row goes
    to the nearest centre. Fewer groups come back where fewer rows differ.

    Raises
    ------
    ValueError
        k is below 1, or a number is not finite.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1; {k} came")
    if not np.isfinite(vectors).all():
        raise ValueError("some numbers are not finite; leave the rows with NaN or infinity out")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    centres = _centres(units, min(k, len(units)), seed)
    # |u - c|^2 without |u|^2, which is the same for all centres.
    apart = (centres**2).sum(axis=1) - 2 * (units @ centres.T)
    found, group = np.unique(apart.argmin(axis=1), return_inverse=True)
    order = np.argsort(-np.bincount(group), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    nearest = (apart + lengths.astype(bool)).argmin(axis=0)[found[order]]
    return Clusters(place[group].astype(np.int32), nearest.astype(np.int64))


def _centres(units: np.ndarray, k: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    if len(units) > MOST_FITTED:
        drawn = np.random.default_rng(seed).choice(len(units), MOST_FITTED, replace=False)
        units = units[np.sort(drawn)]
    starts = 3 if len(units) <= MANY_STARTS_UP_TO else 1
    # Its threads wait for each other by spinning: on busy cores one is many times as fast.
    with threadpool_limits(1, user_api="openmp"):
        return KMeans(k, n_init=starts, random_state=seed).fit(units).cluster_centers_
