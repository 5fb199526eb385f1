"""Leaning along an axis, and the association test against every dealing of the words."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from core.embeddings import WordVectors
from core.embeddings.axes import UnknownWordsError
from core.embeddings.bias import EXACT, association_test, leaning

FIRST, SECOND = ("f1", "f2", "f3"), ("s1", "s2", "s3")
POLE, OPPOSITE = ("p1", "p2"), ("o1",)
WORDS = (*FIRST, *SECOND, *POLE, *OPPOSITE)


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), 5)))


def similarity(vectors: WordVectors, one: str, other: str) -> float:
    a, b = vectors[one], vectors[other]
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def score(vectors: WordVectors, word: str) -> float:
    towards = [similarity(vectors, word, pole) for pole in POLE]
    away = [similarity(vectors, word, pole) for pole in OPPOSITE]
    return float(np.mean(towards) - np.mean(away))


def test_the_test_against_a_count_of_all_orders(vectors: WordVectors) -> None:
    found = association_test(vectors, FIRST, SECOND, POLE, OPPOSITE)
    scores = [score(vectors, word) for word in (*FIRST, *SECOND)]
    statistic = sum(scores[:3]) - sum(scores[3:])
    effect = (np.mean(scores[:3]) - np.mean(scores[3:])) / np.std(scores, ddof=1)
    dealt = [sum(order[:3]) - sum(order[3:]) for order in permutations(scores)]
    assert found.statistic == pytest.approx(statistic)
    assert found.effect == pytest.approx(effect)
    assert found.p_value == pytest.approx(np.mean([d >= statistic - 1e-12 for d in dealt]))
    assert found.exact
    assert found.permutations == 20
    assert (*found.first, *found.second) == pytest.approx(scores)


def planted(count: int, strength: float, seed: int) -> tuple[WordVectors, list[str], list[str]]:
    """Two groups of random words, the first pushed towards the pole."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(2 * count + 2, 20))
    rows[2:, :] /= np.linalg.norm(rows[2:], axis=1, keepdims=True)
    rows[0], rows[1] = np.eye(20)[0], -np.eye(20)[0]
    rows[2 : 2 + count, 0] += strength
    words = ["he", "she", *(f"w{number}" for number in range(2 * count))]
    return WordVectors(words, rows), words[2 : 2 + count], words[2 + count :]


def test_a_planted_association_is_found_and_its_opposite_is_not() -> None:
    vectors, first, second = planted(12, strength=0.5, seed=0)
    found = association_test(vectors, first, second, ["he"], ["she"], permutations=2000)
    assert not found.exact
    assert found.permutations == 2001
    assert found.p_value < 0.005
    assert found.effect > 1
    other_way = association_test(vectors, second, first, ["he"], ["she"], permutations=2000)
    assert other_way.p_value > 0.99
    assert other_way.effect == pytest.approx(-found.effect)


def test_drawn_dealings_agree_with_all_of_them() -> None:
    vectors, first, second = planted(8, strength=0.12, seed=2)
    exact = association_test(vectors, first, second, ["he"], ["she"])
    assert exact.exact
    assert 0.01 < exact.p_value < 0.5
    vectors, first, second = planted(9, strength=0.12, seed=2)
    drawn = association_test(vectors, first, second, ["he"], ["she"], permutations=20_000)
    everything = sum_of_all(vectors, first, second)
    assert drawn.p_value == pytest.approx(everything, abs=0.012)


def sum_of_all(vectors: WordVectors, first: list[str], second: list[str]) -> float:
    """The exact p-value by bit masks over all dealings."""
    scores = np.array(
        [
            similarity(vectors, word, "he") - similarity(vectors, word, "she")
            for word in (*first, *second)
        ]
    )
    count = len(scores)
    masks = np.arange(1 << count)
    bits = (masks[:, None] >> np.arange(count)) & 1
    dealings = bits[bits.sum(axis=1) == count // 2] @ scores
    return float((dealings >= scores[: count // 2].sum() - 1e-12).mean())


def test_p_values_are_even_when_nothing_is_there() -> None:
    found = []
    for seed in range(40):
        vectors, first, second = planted(5, strength=0, seed=seed)
        found.append(association_test(vectors, first, second, ["he"], ["she"]).p_value)
    assert 0.35 < np.mean(found) < 0.65
    assert np.mean(np.array(found) < 0.1) < 0.3


def test_a_seed_gives_the_same_p_value() -> None:
    vectors, first, second = planted(12, strength=0.1, seed=3)
    values = {
        association_test(
            vectors, first, second, ["he"], ["she"], permutations=500, seed=seed
        ).p_value
        for seed in (1, 1, 2, 3, 4)
    }
    assert len(values) in (3, 4)


def test_leaning_is_the_cosine_with_the_axis(vectors: WordVectors) -> None:
    units = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    axis = units[0] - units[3]
    expected = units @ axis / np.linalg.norm(axis)
    np.testing.assert_allclose(leaning(vectors, "f1 - s1"), expected, rtol=1e-9)


def test_equal_scores_mean_no_effect() -> None:
    rows = np.array([[1.0, 0], [1, 0], [1, 0], [-1, 0]])
    vectors = WordVectors(["a", "b", "he", "she"], rows)
    found = association_test(vectors, ["a"], ["b"], ["he"], ["she"])
    assert (found.effect, found.p_value) == (0, 1)


def test_what_cannot_be_tested_is_refused(vectors: WordVectors) -> None:
    with pytest.raises(ValueError, match="3 and 2 words"):
        association_test(vectors, FIRST, SECOND[:2], POLE, OPPOSITE)
    with pytest.raises(ValueError, match="empty"):
        association_test(vectors, FIRST, SECOND, POLE, ())
    with pytest.raises(ValueError, match="stands twice"):
        association_test(vectors, FIRST, (*SECOND[:2], "f1"), POLE, OPPOSITE)
    with pytest.raises(ValueError, match="permutations"):
        association_test(vectors, FIRST, SECOND, POLE, OPPOSITE, permutations=0)
    with pytest.raises(UnknownWordsError, match="'nobody'"):
        association_test(vectors, FIRST, SECOND, POLE, ("nobody",))
    assert EXACT >= 12_870  # eight words a group are still counted out
