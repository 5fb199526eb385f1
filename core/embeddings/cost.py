"""What one training step costs under each objective, measured, as the vocabulary grows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

OBJECTIVES = ("softmax", "sigmoid-all", "hierarchical-softmax", "negative-sampling")


@dataclass(frozen=True)
class Cost:
    """Median seconds of a step over ``batch`` examples, and its multiply-adds per example."""

    objective: str
    vocabulary: int
    seconds: float
    multiply_adds: int


def rows_touched(objective: str, vocabulary: int, negatives: int) -> int:
    """Output rows that one example needs: all, a path of the tree, or the word and negatives."""
    if objective in ("softmax", "sigmoid-all"):
        return vocabulary
    if objective == "hierarchical-softmax":
        return max(1, int(np.ceil(np.log2(vocabulary))))  # a balanced tree; Huffman's is shorter
    return 1 + negatives


def measure_cost(
    objective: str,
    vocabulary: int,
    *,
    size: int = 100,
    batch: int = 16,
    negatives: int = 5,
    repeats: int = 5,
    seed: int = 0,
) -> Cost:
    """Run real steps (scores, probabilities, both gradients, both updates) and take the median.

    A row is used three times: for its score, for the gradient of h, and for its own update, so an
    example costs 3 x rows x size multiply-adds. Raises ValueError for an unknown objective.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"Objective {objective!r}; expected one of {', '.join(OBJECTIVES)}.")
    rng = np.random.default_rng(seed)
    outputs = rng.normal(size=(vocabulary, size)).astype(np.float32) * 0.1
    hidden = rng.normal(size=(batch, size)).astype(np.float32) * 0.1
    count = rows_touched(objective, vocabulary, negatives)
    rows = None if count == vocabulary else rng.integers(0, vocabulary, (batch, count))
    seconds = []
    for _ in range(repeats + 1):  # the first run warms the caches
        began = time.perf_counter()
        _step(objective, hidden, outputs, rows)
        seconds.append(time.perf_counter() - began)
    return Cost(objective, vocabulary, median(seconds[1:]), 3 * count * size)


def measure_costs(vocabularies: Sequence[int], **options: int) -> list[Cost]:
    """``measure_cost`` for every objective and vocabulary."""
    return [
        measure_cost(objective, vocabulary, **options)
        for objective in OBJECTIVES
        for vocabulary in vocabularies
    ]


def _step(objective: str, hidden: np.ndarray, outputs: np.ndarray, rows: np.ndarray | None) -> None:
    """One step in place; the true word, or the way to turn, is always the first."""
    if rows is None:
        errors = _errors(objective, hidden @ outputs.T)
        gradient = errors @ outputs
        outputs -= 0.01 * (errors.T @ hidden)
    else:
        used = outputs[rows]
        errors = _errors(objective, np.einsum("bd,bjd->bj", hidden, used))
        gradient = np.einsum("bj,bjd->bd", errors, used)
        np.subtract.at(outputs, rows, 0.01 * errors[..., None] * hidden[:, None])
    hidden -= 0.01 * gradient


def _errors(objective: str, scores: np.ndarray) -> np.ndarray:
    if objective == "softmax":
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    else:
        probabilities = (1 + np.tanh(scores / 2)) / 2  # the sigmoid, without overflow
    probabilities[:, 0] -= 1
    return probabilities
