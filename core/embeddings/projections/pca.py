"""Principal component analysis: the directions along which the rows differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Basis:
    """Directions fitted on some rows, on which others can be placed too.

    Parameters
    ----------
    mean
        Centre of the rows, shape (size,).
    axes
        Directions of length 1 at right angles, shape (dimensions, size).
    explained
        Share of the variance of the rows along each, shape (dimensions,).
    """

    mean: np.ndarray
    axes: np.ndarray
    explained: np.ndarray

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """Coordinates of rows, float32 of shape (N, dimensions)."""
        return ((vectors - self.mean) @ self.axes.T).astype(np.float32)


def fit_basis(vectors: np.ndarray, dimensions: int) -> Basis:
    """The directions along which the rows vary most, the first most of all.

    The sign of each is fixed by its largest weight, so the same rows give the same picture.
    """
    from sklearn.decomposition import PCA

    rows, size = vectors.shape
    # Through the covariance matrix no centred copy of a large file is made.
    solver = "covariance_eigh" if rows > size else "full"
    model = PCA(dimensions, svd_solver=solver)
    with np.errstate(invalid="ignore"):  # rows that are all equal have no variance to share
        model.fit(vectors)
    explained = model.explained_variance_ratio_.astype(np.float64)
    return Basis(model.mean_, model.components_, np.nan_to_num(explained))


def fit_pca(vectors: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (N, dimensions) and the share of the variance along each."""
    basis = fit_basis(vectors, dimensions)
    return basis.place(vectors), basis.explained


def reduce_width(vectors: np.ndarray, most: int = 50) -> np.ndarray:
    """The rows with at most ``most`` numbers each: what t-SNE's neighbour search works on."""
    if vectors.shape[1] <= most or len(vectors) <= most:
        return np.ascontiguousarray(vectors, dtype=np.float64)
    return fit_pca(vectors, most)[0].astype(np.float64)


def start_layout(vectors: np.ndarray, dimensions: int, spread: float) -> np.ndarray:
    """The PCA layout scaled so that its first axis has the standard deviation ``spread``.

    Where there are fewer components than dimensions, and where rows coincide, a little noise
    keeps them apart; float64.
    """
    found = min(dimensions, *vectors.shape)
    layout = np.zeros((len(vectors), dimensions))
    layout[:, :found] = fit_pca(vectors, found)[0]
    layout *= spread / (layout[:, 0].std() or 1.0)
    noise = np.random.default_rng(0).normal(size=layout.shape)
    return layout + noise * spread * 1e-2
