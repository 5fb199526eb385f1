"""Neighbours and analogies of rows, dense or sparse, against gensim's own answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from explorer.words.space import Space

WORDS = [f"w{n}" for n in range(40)]
ROWS = np.random.default_rng(0).standard_normal((40, 6)).round(2)
ROWS[np.abs(ROWS) < 0.4] = 0

both = pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])


def question(*rows: int) -> tuple[str, str, str, str]:
    a, b, c, d = (WORDS[row] for row in rows)
    return a, b, c, d


@both
def test_neighbours_and_ranks_are_gensims(kind: type) -> None:
    keyed = pytest.importorskip("gensim.models").KeyedVectors(6)
    keyed.add_vectors(WORDS, ROWS)
    space = Space(WORDS, kind(ROWS))
    theirs = keyed.most_similar("w3", topn=8)
    assert [word for word, _ in space.nearest("w3", 8)] == [word for word, _ in theirs]
    assert space.nearest("w3", 1)[0][1] == pytest.approx(theirs[0][1], abs=1e-6)
    for rows in ((1, 2, 3, 4), (7, 5, 9, 30), (10, 11, 12, 39)):
        a, b, c, d = question(*rows)
        answers = [word for word, _ in keyed.most_similar([b, c], [a], topn=37)]
        # gensim adds unit vectors too, so its order is that of cos(d, b - a + c).
        assert space.ranks([(a, b, c, d)])[0] == 1 + answers.index(d)


@both
def test_size_and_filling(kind: type) -> None:
    space = Space(WORDS, kind(ROWS))
    assert space.size == 6
    assert space.filled == pytest.approx((ROWS != 0).mean())


@both
def test_taken_rows_keep_their_cosines(kind: type) -> None:
    chosen = ["w5", "w0", "w39"]
    found = Space(WORDS, kind(ROWS)).cosines(chosen)
    unit = ROWS / np.linalg.norm(ROWS, axis=1, keepdims=True)
    rows = unit[[5, 0, 39]]
    np.testing.assert_allclose(found, rows @ rows.T, atol=1e-12)


def test_where_all_words_are_alike_no_answer_wins() -> None:
    space = Space(WORDS, sparse.eye_array(40, format="csr"))
    assert space.ranks([question(0, 1, 2, 3)])[0] == 37


def test_words_without_any_number_can_be_taken() -> None:
    space = Space(["a", "b"], sparse.csr_array((2, 5)))
    assert space.take(["a", "b"]).tolist() == [[0], [0]]
    assert space.cosines(["a", "b"]).tolist() == [[0, 0], [0, 0]]


def test_only_questions_with_known_words_are_asked() -> None:
    asked = [question(0, 1, 2, 3), ("w0", "w1", "w2", "nowhere")]
    assert Space(WORDS, ROWS).known(asked) == asked[:1]
