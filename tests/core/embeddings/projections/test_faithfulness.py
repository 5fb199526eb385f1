"""How much of a neighbourhood survives, against scikit-learn and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from core.embeddings.projections import faithfulness, measure_faithfulness
from core.embeddings.projections.faithfulness import nearest_rows


def sheet(count: int = 240, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of eight numbers, and their first two."""
    rows = np.random.default_rng(seed).normal(size=(count, 8)) * np.geomspace(1, 0.1, 8)
    return rows, rows[:, :2]


def overlap_by_hand(rows: np.ndarray, layout: np.ndarray, k: int) -> np.ndarray:
    near = [
        NearestNeighbors(n_neighbors=k).fit(places).kneighbors(return_distance=False)
        for places in (rows, layout)
    ]
    return np.array([len(set(a) & set(b)) / k for a, b in zip(*near)])


@pytest.mark.parametrize("k", [1, 5, 10])
def test_against_scikit_learn(k: int) -> None:
    rows, layout = sheet()
    found = measure_faithfulness(rows, layout, neighbours=k)
    assert found.trustworthiness == pytest.approx(trustworthiness(rows, layout, n_neighbors=k))
    kept = overlap_by_hand(rows, layout, k)
    assert found.overlap == pytest.approx(kept.mean())
    np.testing.assert_allclose(found.distortion, 1 - kept, atol=1e-6)
    assert (found.neighbours, found.sampled) == (k, None)


def test_nothing_is_lost_by_a_rotation() -> None:
    _, layout = sheet()
    turned = layout @ np.array([[0.6, 0.8], [-0.8, 0.6]]) + 5
    found = measure_faithfulness(layout, turned)
    assert found.trustworthiness == pytest.approx(1)
    assert found.overlap == pytest.approx(1)
    assert not found.distortion.any()


def test_a_random_layout_is_about_half_trustworthy() -> None:
    rows, _ = sheet(600)
    layout = np.random.default_rng(9).normal(size=(600, 2))
    found = measure_faithfulness(rows, layout)
    assert 0.4 < found.trustworthiness < 0.6
    assert found.overlap < 0.05


def test_a_sample_comes_close_and_says_so() -> None:
    rows, layout = sheet(1500)
    whole = measure_faithfulness(rows, layout)
    part = measure_faithfulness(rows, layout, most=400, seed=4)
    assert part.sampled == 400
    assert part.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.01)
    assert part.overlap == pytest.approx(whole.overlap, abs=0.04)
    assert part.distortion.shape == (1500,)
    # Rows that lose their neighbours lose them among the sample too.
    assert np.corrcoef(part.distortion, whole.distortion)[0, 1] > 0.3
    again = measure_faithfulness(rows, layout, most=400, seed=4)
    np.testing.assert_array_equal(part.distortion, again.distortion)


def test_a_sample_of_almost_everything_is_almost_everything() -> None:
    rows, layout = sheet(200)
    whole = measure_faithfulness(rows, layout)
    drawn = measure_faithfulness(rows, layout, most=199)
    assert drawn.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.003)
    np.testing.assert_allclose(drawn.distortion, whole.distortion, atol=0.21)


def test_few_rows_take_fewer_neighbours() -> None:
    rows, layout = sheet(5)
    found = measure_faithfulness(rows, layout)
    assert found.neighbours == 2
    assert 0 <= found.trustworthiness <= 1


def test_nearest_rows_against_scikit_learn() -> None:
    rows, _ = sheet(120)
    asked = np.arange(30, 60)
    found, distances = nearest_rows(rows[asked] + 100, rows + 100, 4, own=asked)
    expected, by_row = NearestNeighbors(n_neighbors=5).fit(rows).kneighbors(rows[asked])[::-1]
    np.testing.assert_array_equal(found, expected[:, 1:])
    np.testing.assert_allclose(distances, by_row[:, 1:], rtol=2e-3)
    with_self, _ = nearest_rows(rows[:3], rows, 1, own=np.full(3, -1))
    assert with_self[:, 0].tolist() == [0, 1, 2]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, layout = sheet(100)
    whole = measure_faithfulness(rows, layout)
    monkeypatch.setattr(faithfulness, "BLOCK", 700)
    pieces = measure_faithfulness(rows, layout)
    assert pieces.trustworthiness == pytest.approx(whole.trustworthiness)
    np.testing.assert_array_equal(pieces.distortion, whole.distortion)
