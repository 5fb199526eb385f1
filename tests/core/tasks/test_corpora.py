"""The project's texts by name: what is held out is not learned from."""

import importlib.util

import pytest

from core.tasks.corpora import CORPORA

NAMES = [name for name in CORPORA if name != "namaskar"]
WORDS = [
    name
    for name in NAMES
    if CORPORA[name].language == "en" or importlib.util.find_spec("rjieba") is not None
]


@pytest.mark.parametrize("name", NAMES)
def test_the_held_out_part_is_the_end_of_the_text(name):
    task = CORPORA[name].characters()
    whole = len(task.train) + len(task.validation)
    assert whole > 1_000_000
    assert len(task.validation) == round(0.03 * whole)


@pytest.mark.parametrize("name", WORDS)
def test_words_and_characters_are_the_same_text(name):
    corpus = CORPORA[name]
    characters, words = corpus.characters(), corpus.words()
    text = "".join(characters.vocabulary.decode(characters.train.tolist()))
    said = "".join(words.vocabulary.decode(words.train[:5000].tolist()))
    known = said.split("\N{REPLACEMENT CHARACTER}")
    assert len(said) > 5000
    assert all(piece in text for piece in known)


@pytest.mark.parametrize("name", CORPORA)
def test_prompts_are_written_with_known_characters(name):
    vocabulary = CORPORA[name].characters().vocabulary
    for prompt in CORPORA[name].prompts:
        assert not vocabulary.unknown(prompt)
