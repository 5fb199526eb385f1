"""The circle lies in a plane whatever its rotation, and PCA agrees with scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.embeddings.circle import circle_in_space, principal_axes

EQUAL = np.degrees(np.arccos(1 / np.sqrt(3)))


def test_unturned_x_says_nothing() -> None:
    points = circle_in_space(50)
    assert np.all(points[:, 0] == 0)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)


@pytest.mark.parametrize("rotation", [10.0, EQUAL, 90.0, 123.0])
def test_turned_points_are_still_a_circle_in_a_plane(rotation: float) -> None:
    points = circle_in_space(200, rotation=rotation)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    assert np.linalg.matrix_rank(points, tol=1e-9) == 2
    np.testing.assert_allclose(  # the same points: their distances have not changed
        points @ points.T, circle_in_space(200) @ circle_in_space(200).T, atol=1e-12
    )


def test_at_one_angle_no_coordinate_is_more_telling_than_another() -> None:
    spread = circle_in_space(100_000, rotation=EQUAL).var(axis=0)
    np.testing.assert_allclose(spread, spread.mean(), rtol=0.02)


def test_pca_finds_the_plane_at_any_angle() -> None:
    for rotation in (0.0, 30.0, EQUAL):
        found = principal_axes(circle_in_space(300, rotation=rotation))
        assert found.shares[2] < 1e-20
        assert found.shares[:2].sum() == pytest.approx(1)


def test_noise_spreads_to_the_third_axis_by_its_variance() -> None:
    shares = principal_axes(circle_in_space(50_000, noise=0.3, rotation=40)).shares
    assert shares[2] == pytest.approx(0.3**2 / (1 + 3 * 0.3**2), rel=0.03)


def test_the_seed_decides() -> None:
    assert np.array_equal(circle_in_space(9, noise=1, seed=4), circle_in_space(9, noise=1, seed=4))
    assert not np.allclose(circle_in_space(9, seed=4), circle_in_space(9, seed=5))


def test_pca_is_scikit_learns_up_to_signs() -> None:
    points = np.random.default_rng(0).standard_normal((40, 6)) @ np.diag([5, 4, 3, 2, 1, 0.5])
    found, theirs = principal_axes(points), PCA().fit(points)
    np.testing.assert_allclose(found.mean, theirs.mean_)
    np.testing.assert_allclose(found.shares, theirs.explained_variance_ratio_)
    np.testing.assert_allclose(np.abs(found.axes), np.abs(theirs.components_), atol=1e-10)
    np.testing.assert_allclose((points - found.mean) @ found.axes.T, found.coordinates, atol=1e-10)
    assert (found.axes[np.arange(6), np.abs(found.axes).argmax(axis=1)] > 0).all()


def test_points_that_are_all_one_have_no_variance_to_explain() -> None:
    assert principal_axes(np.ones((4, 3))).shares.tolist() == [0, 0, 0]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="count must be at least 3; 2 came"):
        circle_in_space(2)
    with pytest.raises(ValueError, match=r"noise must be 0 or more; -0\.1 came"):
        circle_in_space(5, noise=-0.1)
    with pytest.raises(ValueError, match=r"at least 2 points .* \(1, 3\) came"):
        principal_axes(np.ones((1, 3)))
