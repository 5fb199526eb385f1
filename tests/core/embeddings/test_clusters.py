"""Groups of words that point the same way."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from core.embeddings import clusters
from core.embeddings.clusters import cluster

SIZES = (50, 30, 20)


def bundles(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows around three directions, of very different lengths."""
    random = np.random.default_rng(seed)
    truth = np.repeat(np.arange(3), SIZES)
    rows = np.eye(8)[truth] + random.normal(scale=0.1, size=(sum(SIZES), 8))
    return rows * random.uniform(0.1, 10, size=(len(rows), 1)), truth


def test_directions_are_found_whatever_the_lengths() -> None:
    rows, truth = bundles()
    found = cluster(rows, 3)
    assert adjusted_rand_score(truth, found.group) == 1
    assert np.bincount(found.group).tolist() == list(SIZES)
    assert found.group[found.centre_rows].tolist() == [0, 1, 2]
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    for group, row in enumerate(found.centre_rows):
        centre = units[found.group == group].mean(axis=0)
        assert row == np.linalg.norm(units - centre, axis=1).argmin()


def test_a_sample_finds_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "MOST_FITTED", 40)
    rows, truth = bundles(1)
    assert adjusted_rand_score(truth, cluster(rows, 3).group) == 1


def test_a_seed_gives_the_same_groups() -> None:
    rows = np.random.default_rng(2).normal(size=(80, 5))
    np.testing.assert_array_equal(cluster(rows, 6, seed=3).group, cluster(rows, 6, seed=3).group)


def test_few_rows_and_zero_rows() -> None:
    assert cluster(np.ones((2, 4)), 1).group.tolist() == [0, 0]
    assert len(cluster(np.eye(2), 8).centre_rows) == 2
    rows = np.vstack([np.eye(3), np.zeros(3)])
    assert np.isfinite(cluster(rows, 2).group).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="k must"):
        cluster(np.eye(3), 0)
    with pytest.raises(ValueError, match="not finite"):
        cluster(np.array([[np.nan, 1.0]]), 1)
