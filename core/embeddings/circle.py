"""Why an embedding can be small: points that look three-dimensional and lie on a circle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TURNED_ABOUT = np.array([0.0, 1.0, 1.0]) / np.sqrt(2)


def circle_in_space(
    count: int, *, noise: float = 0.0, rotation: float = 0.0, seed: int = 0
) -> np.ndarray:
    """Points of a circle in a plane of space, float64 of shape (count, 3).

        p = R (0, cos a, sin a) + noise e,   a uniform in [0, 2 pi), e standard normal

    R turns by ``rotation`` degrees about the axis (0, 1, 1). At 0 the circle lies in the plane of
    y and z, and x says nothing; at 54.7 degrees x, y and z have the same variance, and none of
    them can be left out, though the points still need only two numbers. The angles and e depend
    on the seed alone, so turning moves the same points.

    Raises
    ------
    ValueError
        ``count`` is below 3 or ``noise`` negative.
    """
    if count < 3:
        raise ValueError(f"count must be at least 3; {count} came")
    if not noise >= 0:
        raise ValueError(f"noise must be 0 or more; {noise} came")
    draw = np.random.default_rng(seed)
    angle = _angles(draw, count)
    spread = draw.standard_normal((count, 3))
    flat = np.stack([np.zeros(count), np.cos(angle), np.sin(angle)], axis=1)
    return (flat + noise * spread) @ _turn(np.deg2rad(rotation)).T


def circle_angles(count: int, *, seed: int = 0) -> np.ndarray:
    """The angles from which ``circle_in_space`` makes its points, radians of shape (count,):
    the one latent variable behind all three coordinates."""
    return _angles(np.random.default_rng(seed), count)


def _angles(draw: np.random.Generator, count: int) -> np.ndarray:
    return draw.uniform(0, 2 * np.pi, count)


def angle_error(flat: np.ndarray, angles: np.ndarray) -> float:
    """How far the angles of points in a plane are from ``angles``: mean of the sizes, in degrees.

    flat: (count, 2). Where the plane's first axis points and which way round it counts is
    nobody's choice, so both are taken as fits best.
    """
    seen = np.arctan2(flat[:, 1], flat[:, 0])
    errors = []
    for way in (1, -1):
        apart = np.exp(1j * (way * seen - angles))
        errors.append(np.abs(np.angle(apart / apart.mean())).mean())
    return float(np.degrees(min(errors)))


@dataclass(frozen=True, eq=False)
class PrincipalAxes:
    """The directions in which points spread, most first.

    Parameters
    ----------
    mean
        Centre of the points, shape (d,).
    axes
        Orthonormal rows, shape (k, d).
    shares
        Share of the points' variance along each axis ("explained variance"), shape (k,); zeros
        if all points are one.
    coordinates
        The points along the axes, shape (n, k).
    """

    mean: np.ndarray
    axes: np.ndarray
    shares: np.ndarray
    coordinates: np.ndarray


def principal_axes(points: np.ndarray) -> PrincipalAxes:
    """Principal component analysis of n points in d dimensions, all min(n, d) axes.

        points - mean = U S A,   shares = S^2 / sum S^2,   coordinates = U S

    The number of the largest size in each axis is positive.

    Source: Pearson, *On Lines and Planes of Closest Fit to Systems of Points in Space*, 1901.
    """
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 2 or len(points) < 2:
        raise ValueError(f"at least 2 points of shape (n, d) were expected; {points.shape} came")
    mean = points.mean(axis=0)
    left, singular, axes = np.linalg.svd(points - mean, full_matrices=False)
    signs = np.where(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)
    squares = singular**2
    shares = squares / squares.sum() if squares.sum() > 0 else squares
    return PrincipalAxes(mean, axes * signs[:, None], shares, left * singular * signs)


def _turn(angle: float) -> np.ndarray:
    """The rotation about ``TURNED_ABOUT``, by Rodrigues' formula."""
    x, y, z = TURNED_ABOUT
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
