"""Turning one embedding onto another: known rotations, scipy, planted changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.stats import ortho_group

from core.embeddings import WordVectors
from core.embeddings.alignment import align, most_changed, procrustes

COUNT, SIZE = 60, 7
WORDS = [f"w{number}" for number in range(COUNT)]


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(COUNT, SIZE))


@pytest.fixture
def turn() -> np.ndarray:
    return ortho_group.rvs(SIZE, random_state=2)


def test_procrustes_against_scipy(rows: np.ndarray) -> None:
    other = np.random.default_rng(6).normal(size=rows.shape)
    found = procrustes(rows, other)
    np.testing.assert_allclose(found, orthogonal_procrustes(rows, other)[0], atol=1e-12)
    np.testing.assert_allclose(found @ found.T, np.eye(SIZE), atol=1e-12)


def test_a_rotation_is_found_again(rows: np.ndarray, turn: np.ndarray) -> None:
    lengths = np.random.default_rng(7).uniform(0.5, 2, size=(COUNT, 1))
    alignment = align(WordVectors(WORDS, rows), WordVectors(WORDS, lengths * (rows @ turn)))
    np.testing.assert_allclose(alignment.rotation, turn, atol=1e-10)
    np.testing.assert_allclose(alignment.similarity, 1)


def test_only_shared_words_count_whatever_their_order(rows: np.ndarray, turn: np.ndarray) -> None:
    first = WordVectors([*WORDS, "only here"], np.vstack([rows, np.ones(SIZE)]))
    backwards = WordVectors(["only there", *WORDS[::-1]], np.vstack([np.ones(SIZE), rows @ turn])[
        [0, *range(COUNT, 0, -1)]
    ])  # fmt: skip
    alignment = align(first, backwards)
    assert alignment.words == tuple(WORDS[::-1])
    np.testing.assert_allclose(alignment.rotation, turn, atol=1e-10)
    assert [first.words[row] for row in alignment.first_rows] == WORDS[::-1]
    assert [backwards.words[row] for row in alignment.second_rows] == WORDS[::-1]


def test_unusable_rows_are_left_out(rows: np.ndarray, turn: np.ndarray) -> None:
    broken = rows.copy()
    broken[4] = 0
    broken[9, 2] = np.nan
    alignment = align(WordVectors(WORDS, broken), WordVectors(WORDS, rows @ turn))
    assert set(WORDS) - set(alignment.words) == {"w4", "w9"}
    np.testing.assert_allclose(alignment.rotation, turn, atol=1e-10)


def test_embeddings_of_different_width(rows: np.ndarray) -> None:
    wide = np.hstack([rows, np.zeros((COUNT, 2))]) @ ortho_group.rvs(SIZE + 2, random_state=4)
    alignment = align(WordVectors(WORDS, rows), WordVectors(WORDS, wide))
    assert alignment.rotation.shape == (SIZE + 2, SIZE + 2)
    np.testing.assert_allclose(alignment.similarity, 1)


def test_planted_changes_come_first(rows: np.ndarray, turn: np.ndarray) -> None:
    later = rows @ turn
    later[10], later[20] = rows[40] @ turn, -rows[20] @ turn
    changes = most_changed(WordVectors(WORDS, rows), WordVectors(WORDS, later), count=5)
    assert {change.word for change in changes[:2]} == {"w10", "w20"}
    assert changes[1].similarity < 0.7 < changes[2].similarity
    assert [change.similarity for change in changes] == sorted(c.similarity for c in changes)
    moved = next(change for change in changes if change.word == "w10")
    assert moved.after[0] == "w40"
    assert moved.shared == len(set(moved.before) & set(moved.after)) / 10
    expected = WordVectors(WORDS, rows).nearest("w10", 10)
    assert list(moved.before) == [word for word, _ in expected]


def test_float32_embeddings(rows: np.ndarray, turn: np.ndarray) -> None:
    first = WordVectors(WORDS, rows.astype(np.float32))
    second = WordVectors(WORDS, (rows @ turn).astype(np.float32))
    np.testing.assert_allclose(align(first, second).similarity, 1, atol=1e-6)


def test_what_cannot_be_aligned_is_refused(rows: np.ndarray) -> None:
    vectors = WordVectors(WORDS, rows)
    with pytest.raises(ValueError, match="1 words are in both"):
        align(vectors, WordVectors(["w3", "other"], rows[:2]))
    with pytest.raises(ValueError, match="shape"):
        procrustes(rows, rows[:, :3])
    with pytest.raises(ValueError, match="not finite"):
        procrustes(rows, np.full_like(rows, np.inf))
    with pytest.raises(ValueError, match="at least 1"):
        most_changed(vectors, vectors, count=0)
