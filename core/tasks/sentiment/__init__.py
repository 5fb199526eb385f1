"""Sentences that praise, blame or do neither, in a small English and a small Chinese of our own."""

from core.tasks.sentiment.sentences import (
    KINDS,
    LABELS,
    LANGUAGES,
    LOCAL,
    ORDER,
    Corpus,
    Sentence,
    corpus,
    examples,
    tokenize,
)

__all__ = [
    "KINDS",
    "LABELS",
    "LANGUAGES",
    "LOCAL",
    "ORDER",
    "Corpus",
    "Sentence",
    "corpus",
    "examples",
    "tokenize",
]
