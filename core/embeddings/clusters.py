"""Groups of words that lie in the same direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MINI_BATCH_ABOVE = 20_000


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

    Above 20,000 rows the means are found on mini-batches. Fewer groups come back where fewer
    rows differ.

    Raises
    ------
    ValueError
        k is below 1, or a number is not finite.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1; {k} came")
    if not np.isfinite(vectors).all():
        raise ValueError("some numbers are not finite; leave the rows with NaN or infinity out")
    from sklearn.cluster import KMeans, MiniBatchKMeans

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    kind = KMeans if len(units) <= MINI_BATCH_ABOVE else MiniBatchKMeans
    model = kind(min(k, len(units)), n_init=3, random_state=seed)
    distances = model.fit_transform(units)
    found, group = np.unique(distances.argmin(axis=1), return_inverse=True)
    order = np.argsort(-np.bincount(group), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    centres = distances[:, found[order]].argmin(axis=0)
    return Clusters(place[group].astype(np.int32), centres.astype(np.int64))
