"""The representations on the generated corpus: made from it, and leaving it as it is."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.grammar import LANGUAGES, showcase
from explorer.words.corpus import Counting, corpus_of, exam, share_right, space_of, svd_kept
from explorer.words.pictures import group_cosines

KINDS = ("one-hot", "bag", "tf-idf", "counts", "ppmi", "svd")
WORDS = 100_000


def words_and_groups(language: str) -> tuple[list[str], list[int]]:
    groups = showcase(language)
    paired = [(word, number) for number, group in enumerate(groups) for word in group]
    return [word for word, _ in paired], [number for _, number in paired]


@pytest.mark.parametrize("language", LANGUAGES)
def test_looking_at_the_corpus_does_not_change_it(language: str) -> None:
    encoded = corpus_of(language, WORDS).encoded
    tokens, offsets = encoded.tokens.copy(), encoded.offsets.copy()
    for kind in KINDS:
        space_of(kind, Counting(language, WORDS))
    assert np.array_equal(encoded.tokens, tokens)
    assert np.array_equal(encoded.offsets, offsets)


@pytest.mark.parametrize("language", LANGUAGES)
def test_company_brings_out_the_groups_and_the_analogies_and_codes_do_not(language: str) -> None:
    words, groups = words_and_groups(language)
    counting = Counting(language, WORDS)
    one_hot, ppmi = (space_of(kind, counting) for kind in ("one-hot", "ppmi"))
    assert np.array_equal(one_hot.cosines(words), np.eye(20))
    assert share_right(one_hot, language)[0] == 0
    within, across = group_cosines(ppmi.cosines(words), groups)
    assert within > 4 * across
    right, asked = share_right(ppmi, language)
    assert right > 0.5
    assert asked > 300


def test_a_bag_holds_the_sentences_in_which_a_word_stands() -> None:
    corpus = corpus_of("en", WORDS)
    rows = space_of("bag", Counting("en", WORDS)).rows
    the = corpus.encoded.vocabulary.index["the"]
    number = 17
    assert rows[the, number] == corpus.encoded.sentence(number).count("the")
    assert rows.sum() == len(corpus.encoded.tokens)


def test_more_dimensions_keep_more_of_the_ppmi() -> None:
    kept = [svd_kept(Counting("en", WORDS, size=size)) for size in (2, 16, 64)]
    assert 0 < kept[0] < kept[1] < kept[2] < 1


def test_growth_counts_every_word_also_the_rare() -> None:
    corpus = corpus_of("en", WORDS)
    assert corpus.words_read[-1] == corpus.encoded.words_read
    assert corpus.distinct[-1] > len(corpus.words)
    assert (np.diff(corpus.distinct) >= 0).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exam_asks_of_every_category(language: str) -> None:
    assert len(exam(language)) == 9 * 40


def test_an_unknown_representation_is_refused() -> None:
    with pytest.raises(ValueError, match="'lsa' is no representation"):
        space_of("lsa", Counting("en", WORDS))


def test_means_without_pairs_are_said_to_be_none() -> None:
    within, across = group_cosines(np.eye(2), [0, 1])
    assert np.isnan(within)
    assert across == 0
