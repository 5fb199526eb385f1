"""The reader's sentences: lines, words, and the pairs that a bag cannot tell apart."""

from __future__ import annotations

import pytest

from explorer.words.reading import MOST_CHARACTERS, MOST_SENTENCES, alternatives, read


def test_a_line_is_a_sentence_and_lines_without_words_are_none() -> None:
    reading = read("The dog bites.\n\n ... \n  A man!\n")
    assert reading.sentences == ("The dog bites.", "A man!")
    assert reading.tokens == (("the", "dog", "bites"), ("a", "man"))
    assert reading.vocabulary == ["the", "dog", "bites", "a", "man"]


def test_opposites_have_the_same_bag_and_repetitions_do_not_count() -> None:
    lines = "dog bites man\nman bites dog\ncat\ndog bites man\nman man bites dog"
    assert read(lines).same_bags() == [(0, 1), (1, 3)]


@pytest.mark.parametrize("text", ["狗咬人\n人咬狗", "dog, 狗咬人\n人咬狗 dog"])
def test_chinese_is_split_by_words_or_characters(text: str) -> None:
    assert read(text).same_bags() == [(0, 1)]
    words, characters = (read("女人喂猫", unit=unit).tokens[0] for unit in ("words", "characters"))
    assert words == ("女人", "喂", "猫")
    assert characters == ("女", "人", "喂", "猫")


def test_the_two_ways_of_a_writing() -> None:
    assert alternatives("Don't stop!") == {"words": ["don't", "stop"], "spaces": ["Don't", "stop!"]}
    assert list(alternatives("南京市长江大桥")) == ["words", "characters"]


def test_a_long_text_is_read_up_to_the_limits() -> None:
    assert len(read("a b\n" * 50).sentences) == MOST_SENTENCES
    assert sum(map(len, read("wörd " * 2000).tokens[0])) <= MOST_CHARACTERS


@pytest.mark.parametrize("text", ["", "\n \t", "…!?", "🙂"])
def test_a_text_without_words_has_no_sentence(text: str) -> None:
    assert read(text).tokens == ()
