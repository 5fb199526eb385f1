"""The reader's own sentences, split into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from core.embeddings.tokenize import tokenize_chinese, tokenize_english

MOST_CHARACTERS = 1200
MOST_SENTENCES = 8

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Reading:
    """Sentences, one a line of the text, and the words of each; sentences without words are out.

    ``unit`` says how Chinese is split: "words" or "characters".
    """

    sentences: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]

    @cached_property
    def vocabulary(self) -> list[str]:
        """The distinct words in the order in which they first come."""
        return list(dict.fromkeys(word for words in self.tokens for word in words))

    def same_bags(self) -> list[tuple[int, int]]:
        """Pairs of sentences with the same words equally often, in another order."""
        return [
            (i, j)
            for (i, one), (j, other) in combinations(enumerate(self.tokens), 2)
            if one != other and sorted(one) == sorted(other)
        ]


def read(text: str, *, unit: str = "words") -> Reading:
    """The first sentences of a text, with a line for each."""
    lines = [line.strip() for line in text[:MOST_CHARACTERS].splitlines()]
    split = [(line, tuple(tokenize(line, unit=unit))) for line in lines]
    kept = [(line, words) for line, words in split if words][:MOST_SENTENCES]
    return Reading(tuple(line for line, _ in kept), tuple(words for _, words in kept))


def tokenize(text: str, *, unit: str = "words") -> list[str]:
    """Words of a text in its own writing: Chinese if any of it is, else words between spaces."""
    if has_chinese(text):
        return tokenize_chinese(text, unit="characters" if unit == "characters" else "words")
    return tokenize_english(text)


def has_chinese(text: str) -> bool:
    """Whether any character is a Han character."""
    return _HAN.search(text) is not None


def alternatives(text: str) -> dict[str, Sequence[str]]:
    """The two ways of splitting a text that the page shows beside each other.

    Chinese: words from the segmenter, and characters. Otherwise: words by Unicode's letters and
    digits, and what stands between spaces.
    """
    if has_chinese(text):
        return {
            "words": tokenize_chinese(text),
            "characters": tokenize_chinese(text, unit="characters"),
        }
    return {"words": tokenize_english(text), "spaces": text.split()}
