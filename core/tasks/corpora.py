"""The project's own texts by name, each with the part that is kept for checking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from core.tasks.grammar import grammar_text
from core.tasks.hanyu import hanyu_text
from core.tasks.namaskar import Namaskar
from core.tasks.task import Task
from core.tasks.text import TextTask
from core.tasks.words import Language, words_task

CORPUS_SEED, CORPUS_CHARACTERS, HELD_OUT = 2024, 1_000_000, 0.03


@dataclass(frozen=True)
class Corpus:
    """A text of the project's own.

    characters, words: the task over its characters, and over its words where it has several.
    prompts: beginnings worth going on from.
    """

    language: Language
    characters: Callable[[], Task]
    words: Callable[[], TextTask] | None
    prompts: tuple[str, ...]


@cache
def grammar_task() -> TextTask:
    """A million characters of the project's English, 3% of them held out."""
    return TextTask.of(_english(), name="grammar", validation=HELD_OUT)


@cache
def chinese_task() -> TextTask:
    """A million characters of the project's Chinese, 3% of them held out."""
    return TextTask.of(_chinese(), name="chinese", validation=HELD_OUT)


@cache
def grammar_words() -> TextTask:
    """The same English, word by word."""
    return words_task(_english(), "en", name="grammar", validation=HELD_OUT)


@cache
def chinese_words() -> TextTask:
    """The same Chinese, word by word."""
    return words_task(_chinese(), "zh", name="chinese", validation=HELD_OUT)


def _english() -> str:
    return grammar_text(CORPUS_CHARACTERS, seed=CORPUS_SEED)


def _chinese() -> str:
    return hanyu_text(CORPUS_CHARACTERS, seed=CORPUS_SEED)


CORPORA: Mapping[str, Corpus] = {
    "namaskar": Corpus("en", Namaskar, None, ("n", "nama", "k")),
    "grammar": Corpus(
        "en",
        grammar_task,
        grammar_words,
        ("The cats (near the owl ", "Zoe sings (5:", 'Mia says "I ', "The "),
    ),
    "chinese": Corpus(
        "zh",
        chinese_task,
        chinese_words,
        ("妈妈说：「", "小狗叫了五声：", "小明（旁边有", "河边有"),
    ),
}
