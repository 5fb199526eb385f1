"""Layouts keep neighbours together, say how well, can be watched and stopped."""

from __future__ import annotations

from functools import cache
from threading import Thread

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from core.embeddings.projections import LARGEST, Projection, draw_rows, project

# numba compiles UMAP's optimizer once a process, which takes several seconds.
UMAP = pytest.param("umap", marks=pytest.mark.slow)
EVERY = ("pca", "tsne", UMAP)
ITERATIVE = ("tsne", UMAP)


def islands(count: int = 40, islands_: int = 5, size: int = 20, seed: int = 0):
    """Rows around distant centres, and the number of each row's island."""
    random = np.random.default_rng(seed)
    truth = np.repeat(np.arange(islands_), count)
    centres = random.normal(size=(islands_, size)) * 2
    return centres[truth] + random.normal(scale=0.5, size=(len(truth), size)), truth


@cache
def made(method: str, dimensions: int = 2) -> Projection:
    return project(islands()[0], method, dimensions=dimensions)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("method", EVERY)
def test_islands_stay_islands(method: str, dimensions: int) -> None:
    _, truth = islands()
    found = made(method, dimensions)
    assert found.coordinates.shape == (200, dimensions)
    assert found.coordinates.dtype == np.float32
    np.testing.assert_allclose(found.coordinates.mean(axis=0), 0, atol=1e-3)
    assert silhouette_score(found.coordinates, truth) > 0.4
    assert found.trustworthiness > 0.9
    assert found.method == method
    assert (found.explained is not None) == (method == "pca")


@pytest.mark.parametrize("method", ITERATIVE)
def test_neighbours_are_kept_better_than_by_pca(method: str) -> None:
    assert made(method).neighbourhood_overlap > made("pca").neighbourhood_overlap + 0.1
    assert made(method).distortion.mean() < made("pca").distortion.mean()


@pytest.mark.parametrize("method", ITERATIVE)
def test_a_seed_gives_the_same_layout(method: str) -> None:
    rows, _ = islands()
    again = project(rows, method, dimensions=2)
    np.testing.assert_array_equal(again.coordinates, made(method).coordinates)


@pytest.mark.parametrize("method", ITERATIVE)
def test_layouts_in_between_are_shown(method: str) -> None:
    rows, _ = islands(20)
    seen: list[tuple[float, np.ndarray]] = []
    project(rows, method, dimensions=2, on_layout=lambda *layout: seen.append(layout))
    shares = [share for share, _ in seen]
    assert len(shares) >= 20
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.1
    assert 0.9 < shares[-1] <= 1
    assert all(layout.shape == (100, 2) and np.isfinite(layout).all() for _, layout in seen)
    # Each is a copy of its moment: the layout moves on between them.
    assert np.abs(seen[2][1] - seen[3][1]).max() > 1e-4


class StoppedError(Exception):
    """Raised by the one who watches."""


@pytest.mark.parametrize("method", ITERATIVE)
def test_whoever_watches_can_stop_it(method: str) -> None:
    rows, _ = islands(20)
    calls = []

    def stop(share: float, layout: np.ndarray) -> None:
        calls.append(share)
        if len(calls) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        project(rows, method, dimensions=2, on_layout=stop)
    assert len(calls) == 3


@pytest.mark.parametrize("method", ITERATIVE)
def test_one_that_is_cancelled_holds_up_no_other_thread(method: str) -> None:
    rows = np.random.default_rng(0).normal(size=(60, 5))
    ended: list[str] = []

    def cancelled() -> None:
        def stop(share: float, layout: np.ndarray) -> None:
            raise StoppedError

        try:
            project(rows, method, dimensions=2, on_layout=stop)
        except StoppedError:
            ended.append("cancelled")

    def whole() -> None:
        project(rows, method, dimensions=2, on_layout=lambda share, layout: None)
        ended.append("whole")

    for work in (cancelled, whole):
        thread = Thread(target=work, daemon=True)  # one that hangs must not keep the tests from it
        thread.start()
        thread.join(60)
    assert ended == ["cancelled", "whole"]


@pytest.mark.parametrize("method", EVERY)
def test_few_rows_and_equal_rows_are_laid_out(method: str) -> None:
    rows = np.vstack([np.eye(4, 6), np.eye(4, 6)])
    for some in (rows[:4], rows):
        found = project(some, method, dimensions=2)
        assert np.isfinite(found.coordinates).all()


def test_vectors_of_two_numbers_have_no_third_dimension() -> None:
    assert project(np.random.default_rng(0).normal(size=(30, 2))).coordinates.shape == (30, 2)


@pytest.mark.parametrize(
    ("shape", "changes", "message"),
    [
        ((9, 3), {"method": "isomap"}, "isomap"),
        ((9, 3), {"dimensions": 4}, "2 or 3"),
        ((3, 3), {}, "at least 4"),
        ((9,), {}, "shape"),
        ((LARGEST["tsne"] + 1, 2), {"method": "tsne"}, "draw_rows"),
    ],
)
def test_bad_requests_are_refused(shape, changes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        project(np.ones(shape), **changes)


def test_numbers_that_are_not_finite_are_refused() -> None:
    rows = np.ones((9, 3))
    rows[4, 1] = np.inf
    with pytest.raises(ValueError, match="not finite"):
        project(rows)


def test_rows_are_drawn_evenly_with_those_to_keep() -> None:
    drawn = draw_rows(10_000, 500, keep=[9_999, 3, 3], seed=1)
    assert len(drawn) == len(set(drawn.tolist())) == 500
    assert {3, 9_999} <= set(drawn.tolist())
    assert (np.diff(drawn) > 0).all()
    assert abs(drawn.mean() - 5_000) < 500
    np.testing.assert_array_equal(drawn, draw_rows(10_000, 500, keep=[3, 9_999], seed=1))
    assert draw_rows(5, 9).tolist() == [0, 1, 2, 3, 4]
