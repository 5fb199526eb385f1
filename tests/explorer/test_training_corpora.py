"""Readers' own texts for word vectors: texts of any form are read in linear time, or refused."""

from __future__ import annotations

import time

import pytest

from core.limits import TRAINING_CHARACTERS
from explorer import training_corpora
from explorer.training_corpora import own_corpus


def test_a_text_without_sentences_keeps_all_its_words() -> None:
    text = "the quick brown fox jumps over it " * 3000
    sentences = own_corpus(text).sentences
    assert [word for sentence in sentences for word in sentence] == text.split()
    assert max(map(len, sentences)) < 3000
    chinese = "今天我们去看大海" * 2000
    assert (
        "".join(word for sentence in own_corpus(chinese).sentences for word in sentence) == chinese
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 2_000_000, "a word of 10,000 characters, 'xxxx"),
        ("a " * (TRAINING_CHARACTERS // 2 + 1), "at most 20,000,000 are read here"),
        ("\n" * 1_000_000 + "few words", "has 2 words"),
        ("", "has 0 words"),
    ],
)
def test_what_is_no_text_to_learn_from_is_refused_at_once(text: str, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match=reason):
        own_corpus(text)
    assert time.process_time() - started < 2


def test_a_hundred_thousand_marks_on_one_letter_take_no_time() -> None:
    started = time.process_time()
    sentences = own_corpus("a" + "\u0300\u0323" * 50_000 + " word" * 300).sentences
    assert time.process_time() - started < 2
    assert sum(sentence.count("word") for sentence in sentences) == 300


def test_too_many_different_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_corpora, "TRAINING_DISTINCT_WORDS", 100)
    text = " ".join(f"w{at}" for at in range(150))
    with pytest.raises(ValueError, match="150 different words; at most 100 are read here"):
        own_corpus(f"{text}\n" * 4)
