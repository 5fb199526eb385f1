"""The sentences with their labels, in parts that share none."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.tasks.sentiment import chinese, english

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LABELS = ("negative", "neutral", "positive")
# A few neighbouring words settle the first; for the others one has to know what stands where.
LOCAL = ("plain", "neutral", "together", "negated")
ORDER = ("far_negation", "double", "expectation", "contrast", "scope")
KINDS = (*LOCAL, *ORDER)
PARTS = ("train", "validation", "test")
DRAWN, SEED = 12_600, 0
_GRAMMARS = {"en": english, "zh": chinese}


@dataclass(frozen=True)
class Sentence:
    """text: as a person would write it. label: one of ``LABELS``. kind: one of ``KINDS``."""

    text: str
    label: str
    kind: str

    @property
    def local(self) -> bool:
        """Whether a few neighbouring words are enough to judge it."""
        return self.kind in LOCAL


@dataclass(frozen=True)
class Corpus:
    """The sentences of one language. No sentence is in two parts.

    open_words: tokens that carry no judgement, as names do.
    examples: sentences worth reading.
    """

    train: tuple[Sentence, ...]
    validation: tuple[Sentence, ...]
    test: tuple[Sentence, ...]
    open_words: frozenset[str]
    examples: tuple[str, ...]


@lru_cache(maxsize=len(LANGUAGES))
def corpus(language: str) -> Corpus:
    """The sentences of "en" or "zh", always the same.

    Every kind is equally frequent among those drawn; praise and blame take turns. Which part a
    sentence belongs to follows from its own text (of ten, eight, one and one), so no sentence
    can be in two of them, however often it is drawn.
    Raises ValueError for another language.
    """
    if language not in _GRAMMARS:
        raise ValueError(f"language is {language!r}; choose one of {', '.join(LANGUAGES)}.")
    grammar = _GRAMMARS[language]
    draw = random.Random(SEED)
    found: dict[str, Sentence] = {}
    for number in range(DRAWN):
        sign = 1 if number % 2 else -1
        kind = KINDS[number // 2 % len(KINDS)]
        text = grammar.PATTERNS[kind](draw, sign)
        label = "neutral" if kind == "neutral" else LABELS[sign + 1]
        found[text] = Sentence(text, label, kind)
    parts: dict[str, list[Sentence]] = {part: [] for part in PARTS}
    for sentence in found.values():
        if sentence.text not in grammar.EXAMPLES:  # those are for the reader, and for no part
            parts[part_of(sentence.text)].append(sentence)
    return Corpus(
        train=tuple(parts["train"]),
        validation=tuple(parts["validation"]),
        test=tuple(parts["test"]),
        open_words=grammar.OPEN,
        examples=grammar.EXAMPLES,
    )


def part_of(text: str) -> str:
    """The part that a sentence belongs to, by a digest of its text."""
    number = hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 10
    return "test" if number == 0 else "validation" if number == 1 else "train"


def tokenize(text: str, language: str) -> list[str]:
    """Words and punctuation marks in lower case; for Chinese every character that is no space."""
    if language == "zh":
        return [character for character in text if not character.isspace()]
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|_", text.lower())
