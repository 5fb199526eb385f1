"""Principal components against numpy's singular values."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.projections.pca import fit_basis, fit_pca, reduce_width, start_layout


@pytest.mark.parametrize("shape", [(200, 6), (5, 12)])
def test_against_singular_values(shape: tuple[int, int]) -> None:
    rows = np.random.default_rng(0).normal(size=shape) * np.geomspace(3, 0.2, shape[1]) + 4
    coordinates, explained = fit_pca(rows, 2)
    centred = rows - rows.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(coordinates), np.abs(left * values)[:, :2], atol=1e-4)
    np.testing.assert_allclose(explained, (values**2 / (values**2).sum())[:2], rtol=1e-6)


@pytest.mark.parametrize("offset", [0, 30, 100, 1000])
def test_an_offset_that_is_large_beside_the_spread_changes_nothing(offset: float) -> None:
    random = np.random.default_rng(0)
    rows = (random.normal(size=(20_000, 40)) * np.linspace(1, 0.1, 40) + offset).astype(np.float32)
    basis = fit_basis(rows, 3)
    exact = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    values, directions = np.linalg.eigh(exact.T @ exact)
    np.testing.assert_allclose(basis.explained, values[::-1][:3] / values.sum(), rtol=1e-4)
    cosines = np.abs((basis.axes * directions.T[::-1][:3]).sum(axis=1))
    np.testing.assert_allclose(cosines, 1, atol=1e-6)


@pytest.mark.parametrize("shape", [(60, 5), (4, 9)])
@pytest.mark.parametrize("scale", [1e20, 1e-20])
def test_the_largest_and_smallest_numbers_have_the_same_axes(shape: tuple[int, int], scale) -> None:
    rows = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    expected, found = fit_basis(rows, 2), fit_basis(rows * np.float32(scale), 2)
    np.testing.assert_allclose(found.axes, expected.axes, atol=1e-5)
    np.testing.assert_allclose(found.explained, expected.explained, atol=1e-5)


def test_too_many_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="5 dimensions were asked for; 9 rows of 4 numbers"):
        fit_basis(np.ones((9, 4)), 5)


def test_a_plane_in_many_dimensions_is_found_whole() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(300, 2)) @ random.normal(size=(2, 40))
    coordinates, explained = fit_pca(rows, 3)
    assert explained[:2].sum() == pytest.approx(1)
    assert explained[2] == pytest.approx(0, abs=1e-9)
    assert np.abs(coordinates[:, 2]).max() < 1e-3


def test_other_rows_are_placed_on_the_same_basis() -> None:
    rows = np.random.default_rng(5).normal(size=(60, 5)) * np.arange(1, 6) + 2
    basis = fit_basis(rows[:50], 3)
    np.testing.assert_allclose(basis.axes @ basis.axes.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(basis.place(rows[:50]), fit_pca(rows[:50], 3)[0], atol=1e-5)
    np.testing.assert_allclose(
        basis.place(rows[50:]), (rows[50:] - rows[:50].mean(axis=0)) @ basis.axes.T, atol=1e-5
    )


def test_equal_rows_explain_nothing() -> None:
    coordinates, explained = fit_pca(np.ones((9, 4)), 2)
    assert not explained.any()
    assert not coordinates.any()


def test_the_picture_stays_the_same() -> None:
    rows = np.random.default_rng(2).normal(size=(50, 5))
    np.testing.assert_array_equal(fit_pca(rows, 3)[0], fit_pca(rows.copy(), 3)[0])


def test_width_is_reduced_only_where_it_is_wide() -> None:
    rows = np.random.default_rng(3).normal(size=(90, 60))
    assert reduce_width(rows).shape == (90, 50)
    np.testing.assert_array_equal(reduce_width(rows[:, :20]), rows[:, :20])


def test_the_start_has_the_spread_and_keeps_equal_rows_apart() -> None:
    rows = np.repeat(np.random.default_rng(4).normal(size=(40, 1)), 2, axis=0)
    layout = start_layout(rows, 3, spread=2.0)
    assert layout.shape == (80, 3)
    assert layout[:, 0].std() == pytest.approx(2, rel=0.05)
    assert len(np.unique(layout, axis=0)) == 80
