"""Co-occurrence and PPMI against loops over positions, the SVD against numpy's full one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from core.embeddings import EncodedCorpus, encode_corpus
from core.embeddings.cooccurrence import cooccurrence, ppmi, truncated_svd


def corpus_of(seed: int = 0) -> EncodedCorpus:
    draw = np.random.default_rng(seed)
    lengths = draw.integers(1, 12, 40)
    return encode_corpus(
        [[f"w{n}" for n in draw.integers(0, 15, length)] for length in lengths], min_count=1
    )


def counted_by_loops(corpus: EncodedCorpus, window: int, fading: bool) -> np.ndarray:
    """Every position looks at every other of its sentence."""
    counts = np.zeros((len(corpus.vocabulary),) * 2)
    for number in range(len(corpus)):
        rows = corpus.vocabulary.encode(corpus.sentence(number)).tolist()
        for i, word in enumerate(rows):
            for j, context in enumerate(rows):
                if 0 < abs(i - j) <= window:
                    weight = (window - abs(i - j) + 1) / window if fading else 1
                    counts[word, context] += weight
    return counts


@pytest.mark.parametrize("window", [1, 3, 20])
@pytest.mark.parametrize("fading", [False, True])
def test_counts_are_those_of_loops(window: int, fading: bool) -> None:
    corpus = corpus_of()
    found = cooccurrence(corpus, window=window, fading=fading).toarray()
    np.testing.assert_allclose(found, counted_by_loops(corpus, window, fading))
    assert np.array_equal(found, found.T)


def test_sentences_do_not_see_each_other() -> None:
    corpus = encode_corpus([["a", "b"], ["c"]], min_count=1)
    assert cooccurrence(corpus, window=5).toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_a_window_below_1_is_refused() -> None:
    with pytest.raises(ValueError, match="window must be at least 1; 0 came"):
        cooccurrence(corpus_of(), window=0)


@pytest.mark.parametrize("smoothing", [1.0, 0.75, 0.0])
@pytest.mark.parametrize("shift", [1, 3])
def test_ppmi_is_that_of_the_formula(smoothing: float, shift: int) -> None:
    counts = cooccurrence(corpus_of(), window=2)
    table = counts.toarray()
    found = ppmi(counts, smoothing=smoothing, shift=shift).toarray()
    powers = [column.sum() ** smoothing for column in table.T]
    for w, row in enumerate(table):
        for c, count in enumerate(row):
            expected = 0.0
            if count:
                ratio = (count / table.sum()) / (row.sum() / table.sum() * powers[c] / sum(powers))
                expected = max(0.0, math.log(ratio) - math.log(shift))
            assert found[w, c] == pytest.approx(expected)
    assert (found > 0).any()


def test_a_word_without_company_does_not_spoil_the_others() -> None:
    counts = cooccurrence(encode_corpus([["a", "b"], ["c"]], min_count=1))
    found = ppmi(counts, smoothing=0.0).toarray()
    assert np.isfinite(found).all()
    assert found[0, 1] == pytest.approx(math.log(0.5 / (0.5 * 0.5)))


def test_ppmi_refuses_what_it_cannot_use() -> None:
    counts = cooccurrence(corpus_of())
    with pytest.raises(ValueError, match="smoothing must be from 0 to 1; 2 came"):
        ppmi(counts, smoothing=2)
    with pytest.raises(ValueError, match="shift must be at least 1; 0 came"):
        ppmi(counts, shift=0)
    with pytest.raises(ValueError, match="no two words stand together"):
        ppmi(sparse.csr_array((3, 3)))


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_the_svd_is_the_largest_part_of_the_full_one(exponent: float) -> None:
    matrix = ppmi(cooccurrence(corpus_of()))
    vectors, singular = truncated_svd(matrix, 5, exponent=exponent)
    left, all_singular, _ = np.linalg.svd(matrix.toarray())
    np.testing.assert_allclose(singular, all_singular[:5])
    expected = left[:, :5] * all_singular[:5] ** exponent
    np.testing.assert_allclose(np.abs(vectors), np.abs(expected), atol=1e-9)
    np.testing.assert_allclose(vectors @ vectors.T, expected @ expected.T, atol=1e-9)


def test_the_svd_is_the_same_for_the_same_seed_and_its_signs_for_any() -> None:
    matrix = ppmi(cooccurrence(corpus_of()))
    first, _ = truncated_svd(matrix, 4, seed=1)
    assert np.array_equal(first, truncated_svd(matrix, 4, seed=1)[0])
    np.testing.assert_allclose(first, truncated_svd(matrix, 4, seed=2)[0], atol=1e-9)


@pytest.mark.parametrize("size", [0, 15])
def test_a_size_the_matrix_does_not_have_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"size must be from 1 to 14 .* {size} came"):
        truncated_svd(cooccurrence(corpus_of()), size)
