"""One thread's share of a training."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.word2vec.objectives import Objective
from core.embeddings.word2vec.pieces import Piece, batch_positions, sentence_lengths
from core.embeddings.word2vec.positions import Positions, draw_positions
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.shared import GROUP
from core.embeddings.word2vec.updates import Descent, Tables

LEAST_RATE = 1e-4
"""The learning rate falls linearly, but never below this share of where it began."""

TOO_MUCH_LOSS = 10.0
"""A loss this many times the first one is called a divergence before it becomes NaN."""


class TrainingDivergedError(ArithmeticError):
    """The loss became NaN, infinite or many times what it was: the training is lost."""


@dataclass
class Tally:
    """What the pieces trained so far add up to."""

    steps: int = 0
    words: int = 0
    loss: float = 0.0
    examples: float = 0.0

    def add(self, other: Tally) -> None:
        """Add another thread's piece."""
        self.steps += other.steps
        self.words += other.words
        self.loss += other.loss
        self.examples += other.examples

    def mean_loss(self) -> float:
        """Loss of an example; 0 where there were none (every sentence had one word)."""
        return self.loss / self.examples if self.examples else 0.0


@dataclass(frozen=True, eq=False)
class Task:
    """What all workers share."""

    corpus: EncodedCorpus
    settings: Settings
    tokens: torch.Tensor
    keep: torch.Tensor
    objective: Objective
    tables: Tables


class Worker:
    """Trains pieces on the shared tables, with its own random numbers."""

    def __init__(self, task: Task, seed: np.random.SeedSequence) -> None:
        self.task = task
        self.descent = Descent(task.tables, task.settings.thread_count())
        self.batch = batch_positions(len(task.corpus.tokens))
        self.generator = torch.Generator(task.settings.device)
        self.generator.manual_seed(int(seed.generate_state(1, np.uint64)[0] >> 1))
        self.draw = task.objective.stream(self.generator)

    def positions(self, piece: Piece) -> Positions:
        """Subsample a piece and draw its windows."""
        return draw_positions(
            self.task.tokens[piece.start : piece.stop],
            sentence_lengths(self.task.corpus, piece).to(self.task.tokens.device),
            self.task.keep,
            window=self.task.settings.window,
            multiple=GROUP,
            generator=self.generator,
        )

    def train(self, piece: Piece) -> Tally:
        """One pass over a piece."""
        settings, tables = self.task.settings, self.task.tables
        every_word = settings.epochs * len(self.task.corpus.tokens)
        losses, examples = [], []
        positions = self.positions(piece)
        share = (piece.stop - piece.start) / max(1, positions.count)
        for number, batch in enumerate(positions.split(self.batch)):
            seen = piece.before + number * self.batch * share
            rate = settings.first_rate() * max(LEAST_RATE, 1 - seen / every_word)
            gradients = self.task.objective.gradients(batch, tables, self.draw)
            self.descent.apply(gradients, rate)
            losses.append(gradients.loss)
            examples.append(gradients.examples)
        return Tally(
            steps=len(losses),
            words=piece.stop - piece.start,
            loss=float(sum(losses)),
            examples=float(sum(examples)),
        )

    def first_loss(self, piece: Piece) -> float:
        """Mean loss of a piece before anything is learned; nothing is changed."""
        batch = next(self.positions(piece).split(self.batch), None)
        if batch is None:
            return 0.0
        gradients = self.task.objective.gradients(batch, self.task.tables, self.draw)
        return float(gradients.loss) / max(1.0, float(gradients.examples))


class Shift:
    """A run of pieces that several workers share, each taking the next one when it is free."""

    def __init__(self, pieces: list[Piece], first_loss: float) -> None:
        self.pieces: Iterator[Piece] = iter(pieces)
        self.first_loss = first_loss
        self.tally = Tally()
        self.stopped = False
        self._lock = threading.Lock()

    def work(self, worker: Worker) -> None:
        """Train pieces until none are left or somebody stops the shift."""
        torch.set_num_threads(1)
        with torch.inference_mode():
            while not self.stopped and (piece := self._next()) is not None:
                self._record(worker.train(piece), worker)

    def _next(self) -> Piece | None:
        with self._lock:
            return next(self.pieces, None)

    def _record(self, tally: Tally, worker: Worker) -> None:
        with self._lock:
            self.tally.add(tally)
        loss = tally.mean_loss()
        if not math.isfinite(loss) or loss > TOO_MUCH_LOSS * self.first_loss > 0:
            self.stopped = True
            rate = worker.task.settings.first_rate()
            raise TrainingDivergedError(
                f"the mean loss went from {self.first_loss:.3g} to {loss:.3g} with "
                f"learning_rate={rate:g}: the training diverged; use a smaller learning rate, "
                f"for example {rate / 4:g}"
            )
