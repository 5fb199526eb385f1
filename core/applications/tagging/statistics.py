"""What is in a file of tagged sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.tasks.chunks import chunks
from core.tasks.conll import Tagged
from core.tasks.lexicon import normal


@dataclass(frozen=True)
class FileStatistics:
    """Counts over tagged sentences.

    kinds: how often each kind of phrase occurs, the most frequent first.
    examples: for each kind the phrase that occurs most often.
    outside: share of the words that belong to no phrase.
    ambiguous: share of the words, by occurrence, that have more than one tag in the file.
    """

    sentences: int
    tokens: int
    words: int
    longest: int
    kinds: dict[str, int]
    examples: dict[str, str]
    outside: float
    ambiguous: float


def file_statistics(sentences: Sequence[Tagged]) -> FileStatistics:
    """The counts; ValueError without sentences."""
    if not sentences:
        raise ValueError("There are 0 sentences; expected at least 1.")
    kinds: Counter[str] = Counter()
    phrases: Counter[tuple[str, str]] = Counter()
    tags: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for phrase in chunks(sentence.tags):
            kinds[phrase.kind] += 1
            phrases[phrase.kind, " ".join(sentence.tokens[phrase.start : phrase.stop])] += 1
        for token, tag in zip(sentence.tokens, sentence.tags):
            tags.setdefault(normal(token), Counter())[tag] += 1
    tokens = sum(len(sentence.tokens) for sentence in sentences)
    examples: dict[str, str] = {}
    for (kind, words), _ in phrases.most_common():
        examples.setdefault(kind, words)
    return FileStatistics(
        sentences=len(sentences),
        tokens=tokens,
        words=len(tags),
        longest=max(len(sentence.tokens) for sentence in sentences),
        kinds=dict(kinds.most_common()),
        examples=examples,
        outside=sum(count["O"] for count in tags.values()) / tokens,
        ambiguous=sum(sum(count.values()) for count in tags.values() if len(count) > 1) / tokens,
    )
