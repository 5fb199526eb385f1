"""The sentences with their labels, in parts that share none."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.tasks.sentiment import chinese, chinese_elsewhere, english, english_elsewhere

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LABELS = ("negative", "neutral", "positive")
# A few neighbouring words settle the first; for the others one has to know what stands where.
LOCAL = ("plain", "neutral", "together", "negated")
ORDER = ("far_negation", "double", "expectation", "contrast", "scope")
KINDS = (*LOCAL, *ORDER)
PARTS = ("train", "validation", "test")
DRAWN, SEED = 12_600, 0
ELSEWHERE = 1_800  # drawn of the templates that no network learns from
_GRAMMARS = {"en": english, "zh": chinese}
_OTHER_TEMPLATES = {"en": english_elsewhere, "zh": chinese_elsewhere}


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

    test: sentences never learned from, of the templates that the training sentences are made of.
    elsewhere: sentences of the same words in templates that nothing is learned from.
    open_words: tokens that carry no judgement, as names do.
    """

    train: tuple[Sentence, ...]
    validation: tuple[Sentence, ...]
    test: tuple[Sentence, ...]
    elsewhere: tuple[Sentence, ...]
    open_words: frozenset[str]

    def example(self, kind: str, part: str = "test") -> Sentence:
        """A sentence of ``part`` that shows a kind: the shortest, the first of several."""
        return min((one for one in getattr(self, part) if one.kind == kind), key=_length)


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
    parts: dict[str, list[Sentence]] = {part: [] for part in PARTS}
    for sentence in _drawn(grammar.PATTERNS, DRAWN):
        parts[part_of(sentence.text)].append(sentence)
    return Corpus(
        train=tuple(parts["train"]),
        validation=tuple(parts["validation"]),
        test=tuple(parts["test"]),
        elsewhere=tuple(_drawn(_OTHER_TEMPLATES[language].PATTERNS, ELSEWHERE)),
        open_words=grammar.OPEN,
    )


def _drawn(
    patterns: Mapping[str, Callable[[random.Random, int], str]], count: int
) -> list[Sentence]:
    """Different sentences out of ``count`` that are drawn, with their labels."""
    draw = random.Random(SEED)
    found: dict[str, Sentence] = {}
    for number in range(count):
        sign = 1 if number % 2 else -1
        kind = KINDS[number // 2 % len(KINDS)]
        text = patterns[kind](draw, sign)
        label = "neutral" if kind == "neutral" else LABELS[sign + 1]
        found[text] = Sentence(text, label, kind)
    return list(found.values())


def examples(language: str) -> tuple[str, ...]:
    """Held-out sentences worth reading, chosen by their kinds.

    First a contrast and the same with its clauses changed over, which turns the label round;
    then the shortest of some kinds; then some of templates that nothing is learned from.
    """
    found = corpus(language)
    contrast, turned = _turned_pair(language)
    kinds = ("negated", "far_negation", "double", "expectation", "plain", "neutral")
    shortest = [found.example(kind).text for kind in kinds]
    elsewhere = [found.example(kind, "elsewhere").text for kind in ("far_negation", "double")]
    return (contrast, turned, *shortest, *elsewhere)


def _turned_pair(language: str) -> tuple[str, str]:
    """The shortest held-out contrast whose clauses can change places, and with them changed;
    neither is learned from."""
    found, grammar = corpus(language), _GRAMMARS[language]
    learned = {one.text for one in (*found.train, *found.validation)}
    for one in sorted(found.test, key=_length):
        first, *second = one.text.removesuffix(grammar.END).split(grammar.BUT)
        if one.kind == "contrast" and second:
            turned = f"{second[0]}{grammar.BUT}{first}{grammar.END}"
            if turned not in learned:
                return one.text, turned
    raise ValueError(f"No held-out contrast of {language!r} can be turned round.")


def _length(sentence: Sentence) -> int:
    return len(sentence.text)


def part_of(text: str) -> str:
    """The part that a sentence belongs to, by a digest of its text."""
    number = hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 10
    return "test" if number == 0 else "validation" if number == 1 else "train"


def tokenize(text: str, language: str) -> list[str]:
    """Words and punctuation marks in lower case; for Chinese every character that is no space."""
    if language == "zh":
        return [character for character in text if not character.isspace()]
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|_", text.lower())
