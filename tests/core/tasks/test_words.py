"""Words: nothing of a text is lost, and the task is the same text."""

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tasks import grammar_text, hanyu_text
from core.tasks.words import guess_language, split_words, words_task

needs_rjieba = pytest.mark.skipif(
    importlib.util.find_spec("rjieba") is None, reason="rjieba is not installed"
)


@given(st.text())
def test_english_words_put_together_are_the_text(text):
    assert "".join(split_words(text, "en")) == text


def test_english_words_keep_the_space_before_them():
    text = "Don't wait,  said O’Neil_2 (to 3 cats).\n"
    assert split_words(text, "en") == [
        "Don't", " wait", ",", " ", " said", " O’Neil", "_", "2", " (", "to", " 3", " cats", ")",
        ".", "\n",
    ]  # fmt: skip


@needs_rjieba
def test_chinese_words_put_together_are_the_text():
    text = hanyu_text(3000, seed=1)
    words = split_words(text, "zh")
    assert "".join(words) == text
    assert "妈妈" in words
    assert len(words) < len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [("the cat", "en"), ("小猫 and", "zh"), ("", "en"), ("a" * 30 + "猫", "en")],
)
def test_the_language_is_guessed_from_its_letters(text, language):
    assert guess_language(text) == language


def test_a_task_holds_the_words_of_the_text_in_their_order():
    text = grammar_text(5000, seed=3)
    task = words_task(text, "en", validation=0.2)
    words = split_words(text, "en")
    ids = [*task.train.tolist(), *task.validation.tolist()]
    unknown = len(task.vocabulary)
    assert len(ids) == len(words)
    assert all(
        index == unknown or task.vocabulary.tokens[index] == word for index, word in zip(ids, words)
    )
    assert len(task.validation) == round(0.2 * len(words))


def test_only_words_that_are_learned_from_often_enough_are_known():
    text = "a b a b c a b " * 3 + "d " + "a b e e e e "  # e stands in the held-out part only
    task = words_task(text.replace(" ", "\n"), "en", validation=0.24)
    assert set(task.vocabulary.tokens) == {"a", "b", "c", "\n"}
    assert task.left_out == 2
    assert "e" not in words_task(text, "en", validation=0.24, max_words=3).vocabulary
    assert len(words_task(text, "en", max_words=2).vocabulary) == 2


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("word", {}, "at least two different"),
        ("a b", {"validation": 1}, "a share"),
        ("a b", {"max_words": 1}, "2 or more"),
    ],
)
def test_what_makes_no_task_is_refused(text, options, message):
    with pytest.raises(ValueError, match=message):
        words_task(text, "en", **options)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="expected one of en, zh"):
        split_words("a", "fr")
