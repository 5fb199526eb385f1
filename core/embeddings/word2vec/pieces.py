"""How a corpus is cut into pieces of work for the threads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.word2vec.shared import GROUP

LARGEST_BATCH = 2048
"""Positions that move together. Larger batches learn less from each word; below about 1000 the
time a batch takes is no longer spent on its numbers."""

BATCHES_IN_PIECE = 8
"""Batches whose positions are drawn in one go."""


@dataclass(frozen=True)
class Piece:
    """Words ``start`` to ``stop`` of the corpus, ``before`` words into the training."""

    start: int
    stop: int
    before: int


def batch_positions(words: int) -> int:
    """Positions in a batch: at least some 250 batches an epoch, so that small texts learn too."""
    groups = min(max(words // (256 * GROUP), 2), LARGEST_BATCH // GROUP)
    return groups * GROUP


def cut_pieces(corpus: EncodedCorpus, epochs: int) -> list[Piece]:
    """All pieces of a training in order, cut between sentences.

    A sentence longer than a piece is cut inside, which loses the pairs across the cut: about one
    in a thousand at most.
    """
    total = len(corpus.tokens)
    size = BATCHES_IN_PIECE * batch_positions(total)
    goals = np.arange(size, total, size)
    starts = corpus.offsets[np.searchsorted(corpus.offsets, goals, side="right") - 1]
    cuts = np.where(starts > goals - size, starts, goals)
    cuts = np.unique(np.concatenate([[0], cuts, [total]])).tolist()
    return [
        Piece(start, stop, epoch * total + start)
        for epoch in range(epochs)
        for start, stop in pairwise(cuts)
    ]


def sentence_lengths(corpus: EncodedCorpus, piece: Piece) -> Tensor:
    """Lengths of the sentences of a piece, int64; they add up to its words."""
    first = np.searchsorted(corpus.offsets, piece.start, side="right")
    last = np.searchsorted(corpus.offsets, piece.stop, side="left")
    ends = np.concatenate([[piece.start], corpus.offsets[first:last], [piece.stop]])
    return torch.from_numpy(np.diff(ends))
