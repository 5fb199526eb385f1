"""What a training tells: snapshots of its vectors, and its progress between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from core.embeddings.word_vectors import WordVectors


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A training at one moment.

    Parameters
    ----------
    step
        Steps of descent so far: positions trained, or batches of them where torch trains.
    words_seen
        Words of the vocabulary read so far, epochs and subsampled words included.
    words_per_second
        ``words_seen`` over the time spent training; 0 before it began.
    loss
        Mean loss of an example since the snapshot before, negatives included: of a pair
        (neighbour, word) for skip-gram, of a position for CBOW. In nats.
    vectors
        The input vectors: the embedding. A copy, which later training does not change.
    output_vectors
        The vectors of the words as predicted; None for hierarchical softmax, whose output
        vectors belong to the nodes of its tree.
    """

    step: int
    words_seen: int
    words_per_second: float
    loss: float
    vectors: WordVectors
    output_vectors: WordVectors | None


@dataclass(frozen=True)
class TrainingProgress:
    """Where a training is between its snapshots.

    Parameters
    ----------
    stage
        ``reading`` the corpus, ``compiling`` the loops (seconds, and only once on a machine), or
        ``training``.
    words_seen, words_total
        Words of the vocabulary trained so far and in all, epochs included. While the corpus is
        read, the words read so far, and 0 because their number is not known yet.
    words_per_second
        Of this stage of the training; 0 before it is known.
    seconds_left
        At this speed; None before it is known.
    loss
        Mean loss of an example since the snapshot before; the first before anything is trained.
    """

    stage: Literal["reading", "compiling", "training"]
    words_seen: int
    words_total: int
    words_per_second: float
    seconds_left: float | None
    loss: float | None


Look = Callable[[TrainingProgress], bool | None]
"""Told now and then where a training is; True asks it to stop."""
