"""One door to the projections, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from core.embeddings.projections.faithfulness import Faithfulness, measure_faithfulness
from core.embeddings.projections.pca import fit_pca
from core.embeddings.projections.tsne import fit_tsne
from core.embeddings.projections.umap_layout import fit_umap

METHODS = ("pca", "tsne", "umap")
LARGEST = {"pca": 1_000_000, "tsne": 10_000, "umap": 20_000}
"""Rows that each method takes in reasonable time and memory; draw a sample of more."""

OnLayout = Callable[[float, np.ndarray], None]


@dataclass(frozen=True, eq=False)
class Projection:
    """Where the rows came to lie, and how far that can be trusted.

    Parameters
    ----------
    method
        "pca", "tsne" or "umap".
    coordinates
        float32 of shape (N, dimensions), centred on 0.
    explained
        Share of the variance along each coordinate, shape (dimensions,); None except for PCA,
        since the axes of the others have no such meaning.
    faithfulness
        Trustworthiness, neighbourhood overlap, and the distortion of each row.
    """

    method: str
    coordinates: np.ndarray
    explained: np.ndarray | None
    faithfulness: Faithfulness

    @property
    def trustworthiness(self) -> float:
        """See ``Faithfulness``."""
        return self.faithfulness.trustworthiness

    @property
    def neighbourhood_overlap(self) -> float:
        """See ``Faithfulness``."""
        return self.faithfulness.overlap

    @property
    def distortion(self) -> np.ndarray:
        """See ``Faithfulness``; shape (N,)."""
        return self.faithfulness.distortion


def project(
    vectors: np.ndarray,
    method: str = "pca",
    *,
    dimensions: int = 3,
    seed: int = 0,
    on_layout: OnLayout | None = None,
) -> Projection:
    """Lay rows out in two or three dimensions.

    Distances are Euclidean. For the neighbours by cosine scale the rows to length 1 before:
    then |x - y|^2 = 2 - 2 cos(x, y), and the order of the neighbours is the same.

    Parameters
    ----------
    vectors
        Finite numbers of shape (N, size).
    method
        "pca" (linear, at once), "tsne" or "umap" (minutes for thousands of rows). The latter two
        start from the PCA layout.
    on_layout
        Called with the share done, from 0 to 1, and the layout so far as its own copy, about
        30 times. An exception that it raises ends the work and goes through to the caller, which
        is how to cancel. PCA has no layouts in between.

    Raises
    ------
    ValueError
        Unknown method, dimensions other than 2 or 3, fewer than 4 rows, more than
        ``LARGEST[method]``, or numbers that are not finite.

    The same arguments give the same layout.
    """
    _check(vectors, method, dimensions)
    dimensions = min(dimensions, vectors.shape[1])
    explained = None
    if method == "pca":
        coordinates, explained = fit_pca(vectors, dimensions)
    elif method == "tsne":
        coordinates = fit_tsne(vectors, dimensions, seed, on_layout or _ignore)
    else:
        coordinates = fit_umap(vectors, dimensions, seed, on_layout or _ignore)
    coordinates = (coordinates - coordinates.mean(axis=0)).astype(np.float32)
    return Projection(
        method, coordinates, explained, measure_faithfulness(vectors, coordinates, seed=seed)
    )


def draw_rows(count: int, most: int, *, keep: Collection[int] = (), seed: int = 0) -> np.ndarray:
    """At most ``most`` of ``count`` rows, drawn at random and in rising order, int64.

    The rows of ``keep`` are always among them. All rows come back if they are no more.
    """
    if count <= most:
        return np.arange(count)
    kept = np.unique(np.fromiter(keep, dtype=np.int64))[:most]
    others = np.setdiff1d(np.arange(count), kept, assume_unique=True)
    drawn = np.random.default_rng(seed).choice(others, most - len(kept), replace=False)
    return np.sort(np.concatenate([kept, drawn]))


def _ignore(share: float, layout: np.ndarray) -> None:
    """Nobody watches."""


def _check(vectors: np.ndarray, method: str, dimensions: int) -> None:
    if method not in METHODS:
        raise ValueError(f"method {method!r} came; one of {', '.join(METHODS)} was expected")
    if dimensions not in (2, 3):
        raise ValueError(f"dimensions {dimensions} came; 2 or 3 was expected")
    if vectors.ndim != 2 or len(vectors) < 4:
        raise ValueError(f"vectors of shape {vectors.shape} came; at least 4 rows are needed")
    if len(vectors) > LARGEST[method]:
        raise ValueError(
            f"{len(vectors)} rows came; {method} takes at most {LARGEST[method]}. "
            "Choose some with draw_rows"
        )
    if not np.isfinite(vectors).all():
        raise ValueError("some numbers are not finite; leave the rows with NaN or infinity out")
