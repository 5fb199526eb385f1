"""What counting alone says of a word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from core.tasks.conll import Tagged
from core.tasks.lexicon import normal


def usual_tags(sentences: Iterable[Tagged]) -> dict[str, str]:
    """The most frequent tag of each word, in its normal form; of equals the first in order."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for token, tag in zip(sentence.tokens, sentence.tags):
            seen[normal(token)][tag] += 1
    return {word: min(tags, key=lambda tag: (-tags[tag], tag)) for word, tags in seen.items()}
