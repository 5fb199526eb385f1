"""Counts against loops over the words, TF-IDF against scikit-learn, cosines against a formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from core.embeddings.representations import (
    bag_of_words,
    cosine_matrix,
    heaps_exponent,
    inverse_document_frequency,
    one_hot,
    tf_idf,
    unit_rows,
    vocabulary_growth,
)

SEED = np.random.default_rng(3)
DOCUMENTS = [[str(word) for word in SEED.integers(0, 12, SEED.integers(1, 9))] for _ in range(30)]
WORDS = sorted({word for document in DOCUMENTS for word in document})


def test_a_code_has_one_1_in_the_place_of_its_word() -> None:
    codes = one_hot([2, 0, 2], 4)
    assert codes.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]


def test_different_words_have_nothing_in_common() -> None:
    assert np.array_equal(cosine_matrix(one_hot(range(7), 50)), np.eye(7))


@pytest.mark.parametrize("row", [-1, 4])
def test_a_word_outside_the_vocabulary_is_named(row: int) -> None:
    with pytest.raises(ValueError, match=f"row {row} is not in a vocabulary of 4 words"):
        one_hot([0, row], 4)


def test_a_bag_counts_what_a_loop_counts() -> None:
    counts = bag_of_words(DOCUMENTS, WORDS)
    assert counts.shape == (len(DOCUMENTS), len(WORDS))
    assert counts.toarray().tolist() == [[d.count(word) for word in WORDS] for d in DOCUMENTS]


def test_two_opposite_sentences_have_the_same_bag() -> None:
    one, other = ["dog", "bites", "man"], ["man", "bites", "dog"]
    counts = bag_of_words([one, other], ["bites", "dog", "man"])
    assert counts.toarray().tolist() == [[1, 1, 1], [1, 1, 1]]
    assert cosine_matrix(counts)[0, 1] == pytest.approx(1)


def test_words_that_are_not_asked_for_are_not_counted() -> None:
    assert bag_of_words([["a", "b", "a"], []], ["a"]).toarray().tolist() == [[2], [0]]


def test_a_bag_refuses_a_string_and_a_word_twice() -> None:
    with pytest.raises(TypeError, match="document 1 is one string, 'a b'"):
        bag_of_words([["a"], "a b"], ["a"])
    with pytest.raises(ValueError, match="listed twice"):
        bag_of_words([["a"]], ["a", "a"])


@pytest.mark.parametrize("normalise", [True, False])
def test_smooth_tf_idf_is_scikit_learns(normalise: bool) -> None:
    counts = CountVectorizer(analyzer=list, vocabulary=WORDS).fit_transform(DOCUMENTS)
    theirs = TfidfTransformer(norm="l2" if normalise else None).fit_transform(counts)
    ours = tf_idf(bag_of_words(DOCUMENTS, WORDS), normalise=normalise)
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-12)


def test_plain_idf_is_the_textbooks() -> None:
    found = inverse_document_frequency(bag_of_words(DOCUMENTS, WORDS), smooth=False)
    for word, value in zip(WORDS, found):
        having = sum(word in document for document in DOCUMENTS)
        assert value == pytest.approx(math.log(len(DOCUMENTS) / having))


def test_a_word_in_every_document_weighs_nothing_in_the_plain_form_and_1_in_the_smooth() -> None:
    counts = bag_of_words([["a", "b"], ["a"], ["a", "a"]], ["a", "b", "c"])
    plain = inverse_document_frequency(counts, smooth=False)
    assert plain.tolist() == pytest.approx([0, math.log(3), 0])
    assert inverse_document_frequency(counts)[0] == pytest.approx(1)


def test_dense_and_sparse_counts_give_the_same() -> None:
    counts = bag_of_words(DOCUMENTS, WORDS)
    np.testing.assert_allclose(tf_idf(counts).toarray(), tf_idf(counts.toarray()).toarray())
    np.testing.assert_allclose(cosine_matrix(counts), cosine_matrix(counts.toarray()), atol=1e-15)
    np.testing.assert_allclose(unit_rows(counts).toarray(), unit_rows(counts.toarray()))


def test_cosines_are_those_of_the_formula() -> None:
    rows = np.random.default_rng(0).standard_normal((6, 4))
    found = cosine_matrix(rows)
    for i, x in enumerate(rows):
        for j, y in enumerate(rows):
            assert found[i, j] == pytest.approx(x @ y / math.sqrt((x @ x) * (y @ y)))


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_a_row_of_zeros_is_like_nothing(kind: type) -> None:
    assert cosine_matrix(kind([[0.0, 0.0], [1.0, 1.0]])).tolist() == [
        [0, 0],
        [0, pytest.approx(1)],
    ]


def test_growth_is_what_reading_word_by_word_gives() -> None:
    tokens = np.random.default_rng(1).zipf(1.5, 3000)
    words_read, distinct = vocabulary_growth(tokens, points=60)
    assert words_read[0] == 1
    assert words_read[-1] == 3000
    assert (np.diff(words_read) > 0).all()
    assert distinct.tolist() == [len(set(tokens[:n].tolist())) for n in words_read]


def test_growth_takes_words_too() -> None:
    words_read, distinct = vocabulary_growth(np.array(["a", "b", "a", "c"]), points=50)
    assert words_read.tolist() == [1, 2, 3, 4]
    assert distinct.tolist() == [1, 2, 2, 3]


def test_growth_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="corpus is empty"):
        vocabulary_growth(np.array([], dtype=int))


def test_heaps_exponent_of_a_power_is_its_exponent() -> None:
    words_read = np.array([1, 10, 100, 1000])
    assert heaps_exponent(words_read, 3.0 * words_read**0.6) == pytest.approx(0.6)
    with pytest.raises(ValueError, match="two points"):
        heaps_exponent(words_read[:1], words_read[:1])
