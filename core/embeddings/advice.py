"""What suits a corpus, and what is wrong with one or with the vectors it gave: in numbers.

Rules of thumb, with their reasons; every warning carries the values it was judged by.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.embeddings.tokenize import HAN
from core.embeddings.word_vectors import WordVectors

ENOUGH_POSITIONS = 5_000_000
"""Positions to be trained in all, epochs included: from about here on more text helps, and more
reading of the same text little. Song lyrics of 0.2 million words need some 20 epochs to spread."""

LEAST_TYPES = 50
LONG_RUN = 5
"""Han characters: hardly any Chinese word has as many, and nearly every clause has."""

COLLAPSED_AXIS, COLLAPSED_COSINE = 0.5, 0.98
LOOKED_AT = 2000
"""The most frequent words that ``warn_of_vectors`` compares."""

Kind = Literal["tiny-vocabulary", "unsegmented", "short-sentences", "few-epochs", "collapsed"]


@dataclass(frozen=True)
class Suggested:
    """Settings of ``train_word2vec`` that follow the size of the corpus."""

    epochs: int
    min_count: int
    subsample: float


@dataclass(frozen=True)
class TrainingWarning:
    """Something that a reader should know, and the numbers that say so."""

    kind: Kind
    values: Mapping[str, float]


def suggest_settings(tokens: int, types: int) -> Suggested:
    """Epochs, minimum count and subsampling for so many words, so many of them distinct.

    epochs: enough for five million positions, from 3 to 100. min_count: 5, less where the text
    is so short that nothing would be left. subsample: 1e-3, but at least five times the share of
    a word of mean frequency, so that a small vocabulary is not thinned out as a whole.

    Raises ValueError for a corpus without words.
    """
    if tokens < 1 or types < 1:
        raise ValueError(f"{tokens} words of {types} kinds came; at least one is needed")
    return Suggested(
        epochs=min(100, max(3, math.ceil(ENOUGH_POSITIONS / tokens))),
        min_count=5 if tokens > 20_000 else 2 if tokens > 2_000 else 1,
        subsample=max(1e-3, 5 / types),
    )


def warn_of_corpus(
    counts: Mapping[str, int], sentences: int, *, epochs: int, min_count: int = 1
) -> list[TrainingWarning]:
    """What will go wrong with a corpus, before it is trained.

    tiny-vocabulary (types): fewer than 50 words are left. unsegmented (share): more than a third
    of the words are runs of five Han characters or more, so the text has no spaces.
    short-sentences (words): fewer than 2 words a sentence, so hardly a pair. few-epochs (epochs,
    suggested): less than half of what ``suggest_settings`` says.
    """
    tokens = sum(counts.values())
    kept = {word: count for word, count in counts.items() if count >= min_count}
    warnings = []
    if len(kept) < LEAST_TYPES:
        warnings.append(TrainingWarning("tiny-vocabulary", {"types": len(kept)}))
    if not tokens:
        return warnings
    run = re.compile(f"[{HAN}]{{{LONG_RUN},}}")
    share = sum(count for word, count in counts.items() if run.search(word)) / tokens
    if share > 1 / 3:
        warnings.append(TrainingWarning("unsegmented", {"share": share}))
    mean = tokens / max(1, sentences)
    if mean < 2:
        warnings.append(TrainingWarning("short-sentences", {"words": mean}))
    suggested = suggest_settings(tokens, max(1, len(kept))).epochs
    if epochs < suggested / 2:
        warnings.append(TrainingWarning("few-epochs", {"epochs": epochs, "suggested": suggested}))
    return warnings


def warn_of_vectors(vectors: WordVectors) -> list[TrainingWarning]:
    """What is wrong with trained vectors: a space that collapsed onto one direction.

    collapsed (axis, cosine): more than half of the variance lies along one axis, or the median
    word is nearer than a cosine of 0.98 to its nearest neighbour. The first 2000 words are looked
    at, which in a trained embedding are the most frequent; under 10 words nothing is said.
    """
    points = vectors.vectors[:LOOKED_AT].astype(np.float64)
    if len(points) < 10:
        return []
    centred = points - points.mean(axis=0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2
    axis = float(variances[0] / max(variances.sum(), 1e-300))
    units = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
    cosines = units @ units.T
    np.fill_diagonal(cosines, -1)
    cosine = float(np.median(cosines.max(axis=1)))
    if axis > COLLAPSED_AXIS or cosine > COLLAPSED_COSINE:
        return [TrainingWarning("collapsed", {"axis": axis, "cosine": cosine})]
    return []
