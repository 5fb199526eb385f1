"""Training on the CPU: compiled loops that walk over a text, position by position."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec import kernels
from core.embeddings.word2vec.alias import alias_table
from core.embeddings.word2vec.huffman import huffman_tree
from core.embeddings.word2vec.noise import log_odds_of_noise
from core.embeddings.word2vec.pieces import Piece
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.worker import Tally

Walk = Callable[[Piece, float, float, int], tuple[float, int, int]]


class WalkEngine:
    """One step of descent at every position, on tables that all threads write to.

    No thread waits for another (Recht et al., *Hogwild!*, 2011): a step touches a dozen rows of
    the tables, and what two threads do to the same row at the same moment is a small part of
    what is done to it.
    """

    def __init__(
        self, settings: Settings, vocabulary: Vocabulary, inputs: np.ndarray, outputs: np.ndarray
    ) -> None:
        self.threads = settings.thread_count()
        self._inputs, self._outputs = inputs, outputs
        keep = _chances(vocabulary.keep_probability(settings.subsample))
        make = _tree_walk if settings.objective == "hierarchical-softmax" else _negatives_walk
        self._walk = make(settings, vocabulary, keep, inputs, outputs)

    def compile(self) -> None:
        """Make the machine code, or read it where it was kept: seconds the first time."""
        nothing = Piece(0, 0, np.zeros(0, np.int32), np.zeros(0, np.int64))
        self._walk(nothing, 0.0, 0.0, 0)

    def train(self, piece: Piece, first_rate: float, last_rate: float, seed: int) -> Tally:
        """One pass over a piece."""
        loss, examples, steps = self._walk(piece, first_rate, last_rate, seed)
        return Tally(steps, piece.words, loss, examples)

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The tables themselves."""
        return self._inputs, self._outputs

    def load(self, inputs: np.ndarray, outputs: np.ndarray) -> None:
        """Overwrite the tables."""
        self._inputs[:], self._outputs[:] = inputs, outputs


def compile_loops() -> None:
    """Make the machine code of all loops ahead of time, so that no reader waits for it.

    It takes seconds the first time on a machine, and is then read from where it was kept.
    """
    vocabulary = Vocabulary(("a", "b"), np.array([2, 1]))
    for objective in ("negative-sampling", "hierarchical-softmax"):
        inputs, outputs = np.zeros((2, 2), np.float32), np.zeros((2, 2), np.float32)
        settings = Settings(
            model="skip-gram",
            objective=objective,
            size=2,
            window=1,
            negatives=1,
            subsample=None,
            negative_exponent=0.75,
            min_count=1,
            epochs=1,
            learning_rate=None,
            seed=0,
            device="cpu",
            threads=1,
            snapshot_every=None,
            shared_negatives=True,
        )
        WalkEngine(settings, vocabulary, inputs, outputs).compile()


def _chances(probability: np.ndarray) -> np.ndarray:
    """Probabilities as the numbers of 32 random bits that are below, uint64."""
    return np.rint(np.clip(probability, 0, 1) * 2.0**32).astype(np.uint64)


def _negatives_walk(
    settings: Settings,
    vocabulary: Vocabulary,
    keep: np.ndarray,
    inputs: np.ndarray,
    outputs: np.ndarray,
) -> Walk:
    share, alias = alias_table(vocabulary.negative_probability(settings.negative_exponent))
    threshold, alias = _chances(share), alias.astype(np.int32)
    log_odds = log_odds_of_noise(vocabulary, settings).astype(inputs.dtype)
    cbow, shared = settings.model == "cbow", settings.shared_negatives
    return lambda piece, first, last, seed: kernels.walk_negatives(
        piece.tokens, piece.ends, keep, inputs, outputs, threshold, alias, log_odds,
        settings.negatives, settings.window, cbow, shared, float(first), float(last),
        np.uint64(seed),
    )  # fmt: skip


def _tree_walk(
    settings: Settings,
    vocabulary: Vocabulary,
    keep: np.ndarray,
    inputs: np.ndarray,
    outputs: np.ndarray,
) -> Walk:
    tree = huffman_tree(vocabulary.counts)
    nodes, turns = tree.nodes, (1 - 2 * tree.codes).astype(inputs.dtype)
    cbow = settings.model == "cbow"
    return lambda piece, first, last, seed: kernels.walk_tree(
        piece.tokens, piece.ends, keep, inputs, outputs, nodes, turns, tree.lengths,
        settings.window, cbow, float(first), float(last), np.uint64(seed),
    )  # fmt: skip
