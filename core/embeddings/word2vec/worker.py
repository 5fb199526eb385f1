"""Threads that share the pieces of a training."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.embeddings.word2vec.pieces import Piece, Pieces

LEAST_RATE = 1e-4
"""The learning rate falls linearly, but never below this share of where it began."""

TOO_MUCH_LOSS = 10.0
"""A loss this many times the first one is called a divergence before it becomes NaN."""

LOOK_EVERY = 0.2
"""Seconds between two looks at what the threads have done."""


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
        """Add another piece."""
        self.steps += other.steps
        self.words += other.words
        self.loss += other.loss
        self.examples += other.examples

    def mean_loss(self) -> float:
        """Loss of an example; 0 where there were none (every sentence had one word)."""
        return self.loss / self.examples if self.examples else 0.0


class Engine(Protocol):
    """What moves the tables: the compiled loops, or torch in batches."""

    threads: int

    def train(self, piece: Piece, first_rate: float, last_rate: float, seed: int) -> Tally:
        """One pass over a piece, with a rate that goes from one to the other."""

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The input and the output table, as they are now; a CPU's are not copied."""

    def load(self, inputs: np.ndarray, outputs: np.ndarray) -> None:
        """Overwrite the tables."""


@dataclass(frozen=True)
class Schedule:
    """Learning rates and random numbers: all that a piece is told, by its number alone.

    So a training is the same whichever thread takes which piece, and however often it stops.
    """

    first_rate: float
    words: int
    seed: int

    def rate(self, words_seen: int) -> float:
        """Falls linearly from the first rate to (almost) zero."""
        return self.first_rate * max(LEAST_RATE, 1 - words_seen / self.words)

    def seed_of(self, number: int) -> int:
        """64 random bits for one piece."""
        state = np.random.SeedSequence((self.seed, number)).generate_state(1, np.uint64)
        return int(state[0])


class Shift:
    """A run of pieces that several threads share, each taking the next one when it is free.

    ``done`` is the number of the first piece not trained; a shift that was stopped has trained
    exactly those before it.
    """

    def __init__(
        self, engine: Engine, schedule: Schedule, pieces: Pieces, numbers: range, first_loss: float
    ) -> None:
        self.tally = Tally()
        self.done = numbers.start
        self._engine, self._schedule, self._pieces = engine, schedule, pieces
        self._numbers: Iterator[int] = iter(numbers)
        self._step, self._end = numbers.step, numbers.stop
        self._first_loss = first_loss
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, pool: ThreadPoolExecutor, look: Callable[[Tally], bool]) -> None:
        """Train until nothing is left or ``look``, which is called now and then, says stop.

        Whatever ends it, an error or Ctrl-C as well, every piece that was begun is finished.
        """
        futures = [pool.submit(self._work) for _ in range(self._engine.threads)]
        try:
            _watch(futures, lambda: look(self.tally))
        finally:
            self._stopped = True
            wait(futures)
        for future in futures:
            future.result()

    def _work(self) -> None:
        while (number := self._next()) is not None:
            self._record(self._train(number))

    def _train(self, number: int) -> Tally:
        piece, schedule = self._pieces[number], self._schedule
        first, last = schedule.rate(piece.before), schedule.rate(piece.before + piece.words)
        return self._engine.train(piece, first, last, schedule.seed_of(number))

    def _next(self) -> int | None:
        with self._lock:
            if self._stopped:
                return None
            number = next(self._numbers, None)
            self.done = self._end if number is None else number + self._step
            return number

    def _record(self, tally: Tally) -> None:
        with self._lock:
            self.tally.add(tally)
        loss = tally.mean_loss()
        if not math.isfinite(loss) or loss > TOO_MUCH_LOSS * self._first_loss > 0:
            self._stopped = True
            rate = self._schedule.first_rate
            raise TrainingDivergedError(
                f"the mean loss went from {self._first_loss:.3g} to {loss:.3g} with "
                f"learning_rate={rate:g}: the training diverged; use a smaller learning rate, "
                f"for example {rate / 4:g}"
            )


def _watch(futures: list[Future[None]], stop: Callable[[], bool]) -> None:
    """Until all have ended, one has failed, or ``stop`` says so."""
    due = time.monotonic() + LOOK_EVERY
    while True:
        ended, working = wait(
            futures, timeout=max(0.0, due - time.monotonic()), return_when=FIRST_EXCEPTION
        )
        if not working or any(future.exception() for future in ended) or stop():
            return
        due = time.monotonic() + LOOK_EVERY
