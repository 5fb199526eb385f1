"""Principal component analysis: the directions along which the rows differ most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

ROWS_AT_A_TIME = 16_384


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
        placed = np.empty((len(vectors), len(self.axes)), dtype=np.float32)
        parts = _centred(vectors, self.mean)
        for start, part in zip(range(0, len(vectors), ROWS_AT_A_TIME), parts):
            placed[start : start + len(part)] = part @ self.axes.T
        return placed


def fit_basis(vectors: np.ndarray, dimensions: int) -> Basis:
    r"""The directions along which the rows vary most, the first most of all.

    Of n rows x with the mean m, the eigenvectors of the covariance

    .. math:: C = \frac{1}{n - 1} \sum (x - m)(x - m)^T

    with the largest eigenvalues; where there are fewer rows than numbers in a row, the same by the
    singular value decomposition. The mean is taken in float64 and subtracted before
    anything is multiplied, some rows at a time, so that a common offset, however large beside the
    spread, changes nothing and no centred copy is made; and what is left is scaled by its largest
    number, so that none is too large to square.

    The sign of each is fixed by its largest weight, so the same rows give the same picture.
    Raises ValueError for more dimensions than rows or numbers in a row.
    """
    rows, size = vectors.shape
    if not 1 <= dimensions <= min(rows, size):
        raise ValueError(
            f"{dimensions} dimensions were asked for; {rows} rows of {size} numbers have 1 to "
            f"{min(rows, size)}"
        )
    mean = vectors.mean(axis=0, dtype=np.float64)
    # Of float32 the mean is rounded once: that moves all rows alike, which changes next to nothing.
    near = mean.astype(vectors.dtype)
    scale = max(float(np.abs(part).max()) for part in _centred(vectors, near)) or 1.0
    if rows > size:
        covariance = np.zeros((size, size))
        for part in _centred(vectors, near):
            part /= scale
            covariance += part.T @ part
        values, directions = np.linalg.eigh(covariance)
        values, axes = values[::-1], directions.T[::-1]
    else:
        (whole,) = _centred(vectors, mean, rows)
        _, singular, axes = np.linalg.svd(whole / scale, full_matrices=False)
        values = singular**2
    values, axes = np.maximum(values, 0.0), axes[:dimensions]
    axes = axes * np.sign(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1))
    total = values.sum()
    return Basis(mean, axes, values[:dimensions] / total if total > 0 else 0 * values[:dimensions])


def _centred(
    vectors: np.ndarray, mean: np.ndarray, at_a_time: int = ROWS_AT_A_TIME
) -> Iterator[np.ndarray]:
    """Rows without their mean, some at a time, as exact as the mean is."""
    for start in range(0, len(vectors), at_a_time):
        yield vectors[start : start + at_a_time] - mean


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
