"""Training with torch, many positions at a time: the full softmax, and devices with many cores."""

from __future__ import annotations

import numpy as np
import torch

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.bands import BLOCK
from core.embeddings.word2vec.objectives import make_objective
from core.embeddings.word2vec.pieces import Piece
from core.embeddings.word2vec.positions import draw_positions
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.updates import Descent, Tables
from core.embeddings.word2vec.worker import Tally

LARGEST_BATCH = 2048
"""Positions that move together. Larger batches learn less from each word; below about 1000 the
time a batch takes is no longer spent on its numbers."""


def batch_positions(words: int) -> int:
    """Positions in a batch: at least some 250 batches an epoch, so that small texts learn too."""
    blocks = min(max(words // (256 * BLOCK), 4), LARGEST_BATCH // BLOCK)
    return blocks * BLOCK


class BatchEngine:
    """Whole batches of positions in a few matrix products; one thread of ours, torch's own."""

    threads = 1

    def __init__(
        self, settings: Settings, vocabulary: Vocabulary, inputs: np.ndarray, outputs: np.ndarray
    ) -> None:
        device = settings.device
        self._settings = settings
        self._objective = make_objective(settings, vocabulary)
        self._tables = Tables(*(torch.from_numpy(t).to(device) for t in (inputs, outputs)))
        keep = vocabulary.keep_probability(settings.subsample)
        self._keep = torch.tensor(keep, dtype=torch.float32, device=device)
        self._descent = Descent(self._tables)
        self._batch = batch_positions(int(vocabulary.counts.sum()))

    def train(self, piece: Piece, first_rate: float, last_rate: float, seed: int) -> Tally:
        """One pass over a piece. torch's number of threads is as before when it returns."""
        threads = torch.get_num_threads()
        torch.set_num_threads(self._settings.thread_count())
        try:
            with torch.inference_mode():
                return self._train(piece, first_rate, last_rate, seed)
        finally:
            torch.set_num_threads(threads)

    def _train(self, piece: Piece, first_rate: float, last_rate: float, seed: int) -> Tally:
        settings = self._settings
        generator = torch.Generator(settings.device).manual_seed(seed >> 1)
        draw = self._objective.stream(generator)
        positions = draw_positions(
            torch.from_numpy(piece.tokens).to(settings.device),
            torch.from_numpy(np.diff(piece.ends, prepend=0)).to(settings.device),
            self._keep,
            window=settings.window,
            multiple=BLOCK,
            generator=generator,
        )
        losses, examples = [], []
        for number, batch in enumerate(positions.split(self._batch)):
            done = number * self._batch / max(1, positions.count)
            rate = first_rate + (last_rate - first_rate) * done
            gradients = self._objective.gradients(batch, self._tables, draw)
            if rate:
                self._descent.apply(gradients, rate)
            losses.append(gradients.loss)
            examples.append(gradients.examples)
        return Tally(len(losses), piece.words, float(sum(losses)), float(sum(examples)))

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The tables, brought from the device."""
        return self._tables.input.cpu().numpy(), self._tables.output.cpu().numpy()

    def load(self, inputs: np.ndarray, outputs: np.ndarray) -> None:
        """Overwrite the tables."""
        self._tables.input.copy_(torch.from_numpy(inputs))
        self._tables.output.copy_(torch.from_numpy(outputs))
