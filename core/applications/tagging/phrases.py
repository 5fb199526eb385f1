"""The phrases that a tagger found in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from core.tasks.chunks import Chunk, chunks

TaggedWord = tuple[str, str, float]  # token, tag, its probability


def found_slots(words: Sequence[TaggedWord], joiner: str = " ") -> list[tuple[str, str, float]]:
    """The phrases of an answer: kind, its words, and the least sure of their probabilities."""
    return [
        (
            phrase.kind,
            joiner.join(word[0] for word in words[phrase.start : phrase.stop]),
            min(word[2] for word in words[phrase.start : phrase.stop]),
        )
        for phrase in chunks_of(words)
    ]


def chunks_of(words: Sequence[TaggedWord]) -> list[Chunk]:
    """Where the phrases of an answer stand."""
    return chunks([word[1] for word in words])
