"""Two meanings under one name, and words never seen."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.corpus import EncodedCorpus, encode_corpus
from core.embeddings.grammar import generate_corpus
from core.embeddings.senses import (
    contexts,
    merge_words,
    mixture,
    told_by_context,
    unknown_share,
)
from core.embeddings.word2vec import train_word2vec

CORPUS = encode_corpus(generate_corpus("en", 60_000), min_count=5)


def count(corpus: EncodedCorpus, word: str) -> int:
    return int((corpus.tokens == corpus.vocabulary.index[word]).sum())


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_pseudoword_renames_occurrences_and_nothing_else(share: float) -> None:
    merged = merge_words(CORPUS, "king", "france", share=share, seed=3)
    meant = np.array(merged.words)[merged.senses]
    before = [CORPUS.vocabulary.words[row] for row in CORPUS.tokens]
    after = [merged.corpus.vocabulary.words[row] for row in merged.corpus.tokens]
    assert [before[place] for place in merged.places] == meant.tolist()
    changed = [place for place, (a, b) in enumerate(zip(before, after)) if a != b]
    assert changed == merged.places.tolist()
    assert {after[place] for place in changed} == {"king/france"}
    assert merged.share == pytest.approx(share, abs=1 / len(merged.places))
    for word in merged.words:
        assert count(merged.corpus, word) >= 0.5 * count(CORPUS, word) - 1
    counts = merged.corpus.vocabulary.counts
    assert (np.diff(counts) <= 0).all()
    assert counts.tolist() == np.bincount(merged.corpus.tokens).tolist()


@pytest.mark.parametrize(
    ("words", "share", "message"),
    [
        (("king", "king"), 0.5, "came twice"),
        (("king", "xyz"), 0.5, "'xyz' is not in the corpus"),
        (("king", "france"), 1.0, "between 0 and 1"),
        (("king", "france"), 1e-6, "too rare"),
    ],
)
def test_what_cannot_be_merged_is_explained(
    words: tuple[str, str], share: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        merge_words(CORPUS, *words, share=share)


def test_a_mixture_is_found_again() -> None:
    draw = np.random.default_rng(0)
    first, second, noise = draw.normal(size=(3, 50))
    exact = mixture(0.7 * first - 0.2 * second, first, second)
    assert (exact.first, exact.second, exact.explained) == pytest.approx((0.7, -0.2, 1.0))
    basis = np.linalg.qr(np.stack([first, second, noise], axis=1))[0].T
    third = mixture(basis[0] + basis[1] + basis[2], basis[0], basis[1])
    assert third.explained == pytest.approx(2 / 3)


def test_contexts_stay_in_their_sentence() -> None:
    corpus = encode_corpus([["a", "b", "c"], ["d"], ["e", "a"]], min_count=1)
    names = corpus.vocabulary.words
    one_hot = np.eye(len(names))
    found = contexts(corpus, np.array([0, 1, 3, 4]), one_hot, 1)
    expected = [{"b": 1.0}, {"a": 0.5, "c": 0.5}, {}, {"a": 1.0}]
    for row, words in zip(found, expected):
        assert {names[i]: v for i, v in enumerate(row.tolist()) if v} == words


def test_one_vector_mixes_two_meanings_and_the_context_tells_them_apart() -> None:
    merged = merge_words(CORPUS, "king", "france", share=0.5)
    *_, last = train_word2vec(merged.corpus, size=32, epochs=8, threads=1, seed=0)
    vectors = dict(zip(last.vectors.words, last.vectors.vectors))
    found = mixture(vectors[merged.name], vectors["king"], vectors["france"])
    other = mixture(vectors[merged.name], vectors["walked"], vectors["seven"])
    assert found.first > 0.2
    assert found.second > 0.2
    assert found.explained > other.explained + 0.2
    told = told_by_context(merged, last.vectors.vectors, window=5)
    assert told.occurrences == len(merged.places)
    assert told.guess == pytest.approx(0.5, abs=0.02)
    assert told.right > 0.9


def test_shuffled_meanings_cannot_be_told() -> None:
    merged = merge_words(CORPUS, "king", "france", share=0.5)
    draw = np.random.default_rng(1)
    told = told_by_context(merged, draw.normal(size=(len(merged.corpus.vocabulary), 8)), window=0)
    assert told.right == pytest.approx(0.5, abs=0.05)


def test_the_unknown_share_by_hand() -> None:
    tokens = np.array([0, 0, 1, 0, 1, 2, 2, 0, 1, 3])
    sizes, shares = unknown_share(tokens, min_count=2, held_out=0.3, points=3)
    assert sizes.tolist() == [7]
    assert shares.tolist() == pytest.approx([1 / 3])
    many = np.tile(np.arange(50), 40)
    sizes, shares = unknown_share(many, min_count=2)
    assert shares[-1] == 0
    assert (np.diff(shares) <= 0).all()
