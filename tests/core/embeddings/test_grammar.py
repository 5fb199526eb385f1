"""The grammars: seeded, of the asked size, and every question is one that the corpus speaks of."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from core.embeddings.grammar import (
    LANGUAGES,
    analogies,
    generate_corpus,
    lexicon_of,
    showcase,
    similar_pairs,
)
from core.embeddings.lexicon import read_lexicon

ROYAL = {"en": ("man", "woman", "king", "queen"), "zh": ("男人", "女人", "国王", "女王")}

every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def counts() -> dict[str, Counter[str]]:
    return {
        language: Counter(
            word for sentence in generate_corpus(language, 200_000) for word in sentence
        )
        for language in LANGUAGES
    }


@every_language
def test_the_seed_decides(language: str) -> None:
    first = list(generate_corpus(language, 5000, seed=1))
    assert first == list(generate_corpus(language, 5000, seed=1))
    assert first != list(generate_corpus(language, 5000, seed=2))


@every_language
@pytest.mark.parametrize("words", [1, 100, 20_000])
def test_the_last_sentence_reaches_the_size(language: str, words: int) -> None:
    lengths = [len(sentence) for sentence in generate_corpus(language, words)]
    assert sum(lengths[:-1]) < words <= sum(lengths)


@every_language
def test_a_shorter_corpus_begins_a_longer_one(language: str) -> None:
    short = list(generate_corpus(language, 500))
    assert short == list(islice(generate_corpus(language, 50_000), len(short)))


@every_language
def test_sentences_are_words_with_nothing_left_to_fill_in(language: str) -> None:
    for sentence in generate_corpus(language, 50_000):
        assert len(sentence) >= 3
        assert all(word.isalnum() for word in sentence), sentence


@every_language
def test_every_word_of_a_question_or_pair_occurs_often(
    language: str, counts: dict[str, Counter[str]]
) -> None:
    asked = {word for questions in analogies(language).values() for q in questions for word in q}
    paired = {word for first, second, _ in similar_pairs(language) for word in (first, second)}
    shown = {word for group in showcase(language) for word in group}
    assert min(counts[language][word] for word in asked | paired | shown) >= 5


@every_language
def test_there_are_more_than_a_thousand_words_and_a_long_tail(
    language: str, counts: dict[str, Counter[str]]
) -> None:
    found = counts[language]
    assert sum(count >= 5 for count in found.values()) > 1000
    assert sum(count < 5 for count in found.values()) > 200


@every_language
def test_questions_are_clear_and_begin_with_the_king(language: str) -> None:
    found = analogies(language)
    assert ROYAL[language] in found["gender"]
    for name, questions in found.items():
        assert len(questions) == len(set(questions)) >= 300, name
        answers: dict[tuple[str, str, str], set[str]] = {}
        for a, b, c, d in questions:
            assert len({a, b, c, d}) == 4
            answers.setdefault((a, b, c), set()).add(d)
        assert all(len(answer) == 1 for answer in answers.values())


def test_shared_partners_are_not_asked_for() -> None:
    young = {word for question in analogies("en")["young"] for word in question}
    assert {"dog", "puppy"} <= young
    assert not young & {"lion", "bear", "cub"}


@every_language
def test_pairs_come_in_three_degrees_and_once_each(language: str) -> None:
    pairs = similar_pairs(language, of_each=40)
    assert Counter(score for *_, score in pairs) == {2.0: 40, 1.0: 40, 0.0: 40}
    assert len({frozenset(pair[:2]) for pair in pairs}) == 120
    assert pairs == similar_pairs(language, of_each=40)
    assert pairs != similar_pairs(language, of_each=40, seed=1)


def test_partners_are_more_alike_than_neighbours_in_a_table() -> None:
    scores = {frozenset(pair[:2]): pair[2] for pair in similar_pairs("en", of_each=10_000)}
    assert scores[frozenset(("walk", "walked"))] == 2
    assert scores[frozenset(("walk", "play"))] == 1
    assert 0.0 in scores.values()


@every_language
def test_showcase_has_twenty_words_in_five_groups(language: str) -> None:
    assert [len(group) for group in showcase(language)] == [4] * 5
    assert set(ROYAL[language]) == set(showcase(language)[0])


@every_language
def test_every_table_has_sentences_and_every_row_differs(language: str) -> None:
    lexicon = lexicon_of(language)
    spoken_of = {p.table for line in lexicon.templates for p in line if not isinstance(p, str)}
    assert spoken_of == set(lexicon.tables)
    for name, table in lexicon.tables.items():
        firsts = [next(iter(row.values())) for row in table.rows]
        assert len(firsts) == len(set(firsts)), name


def test_two_drawn_from_one_table_differ() -> None:
    for sentence in generate_corpus("en", 100_000):
        if "road" in sentence and "closed" in sentence and sentence[:3] == ["the", "road", "from"]:
            assert sentence[3] != sentence[5]


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(ValueError, match="words must be at least 1; 0 came"):
        generate_corpus("en", 0)
    with pytest.raises(ValueError, match="no grammar for 'de'; choose from en, zh"):
        read_lexicon("de")
    with pytest.raises(ValueError, match="of_each must be at least 1; 0 came"):
        similar_pairs("en", of_each=0)


@pytest.mark.slow
@every_language
@pytest.mark.parametrize("seed", [0, 1])
def test_a_short_training_finds_the_queen_and_most_other_answers(language: str, seed: int) -> None:
    from core.embeddings import train_word2vec

    corpus = list(generate_corpus(language, seed=seed))
    *_, last = train_word2vec(corpus, size=64, epochs=4, seed=seed)
    man, woman, king, queen = ROYAL[language]
    assert last.vectors.analogy(man, king, woman)[0][0] == queen
    for name, questions in analogies(language).items():
        sample = questions[:: len(questions) // 100]
        right = sum(last.vectors.analogy(a, b, c, k=1)[0][0] == d for a, b, c, d in sample)
        assert right > 0.4 * len(sample), name
