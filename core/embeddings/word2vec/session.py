"""One training from its first piece to its last: how far it is, when it stops, what it keeps."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.checkpoint import Checkpoint, fingerprint, kept_settings
from core.embeddings.word2vec.peers import WORDS_BETWEEN, Meeting, Peers
from core.embeddings.word2vec.pieces import Pieces
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.snapshot import Look, Snapshot, TrainingProgress
from core.embeddings.word2vec.walk import WalkEngine
from core.embeddings.word2vec.worker import Engine, Schedule, Shift, Tally
from core.embeddings.word_vectors import WordVectors

SECONDS_BETWEEN_SAVES = 60.0


class Reporter:
    """Calls the caller's ``progress``, and remembers that it said stop."""

    def __init__(self, progress: Look | None) -> None:
        self._progress = progress
        self.stopped = False
        self.may_stop = True

    def report(self, progress: TrainingProgress) -> bool:
        """Whether to stop."""
        if self._progress is not None and self._progress(progress) is True:
            self.stopped = self.may_stop
        return self.stopped

    def read(self, words: int) -> None:
        """While the corpus is read. There is nothing yet to stop with a snapshot of."""
        self.report(TrainingProgress("reading", words, 0, 0.0, None, None))

    def compiling(self, words: int) -> None:
        """While the loops are compiled."""
        self.report(TrainingProgress("compiling", 0, words, 0.0, None, None))


class Session:
    """One training: its tables, and how far it is."""

    def __init__(
        self,
        corpus: EncodedCorpus,
        settings: Settings,
        reporter: Reporter,
        checkpoint: Path | None,
    ) -> None:
        self._settings, self._reporter, self._checkpoint = settings, reporter, checkpoint
        self._vocabulary = corpus.vocabulary
        _check_corpus(corpus, settings)
        self._pieces = Pieces(corpus, settings.epochs, piece_words(settings, corpus))
        self._schedule = Schedule(settings.first_rate(), self._pieces.words, settings.seed)
        self.engine = _engine(settings, corpus.vocabulary)
        if isinstance(self.engine, WalkEngine):
            reporter.compiling(self._pieces.words)
            self.engine.compile()
        self._tally, self._seconds, self.next_piece = Tally(), 0.0, 0
        if checkpoint is not None and checkpoint.exists():
            self._go_on(Checkpoint.load(checkpoint), checkpoint)
        else:
            # A rate of zero measures and moves nothing.
            self.first_loss = self.engine.train(
                self._pieces[0], 0.0, 0.0, self._schedule.seed_of(0)
            ).mean_loss()
        self._peers = Peers()
        # One of several processes that left would keep the others waiting at their next meeting.
        reporter.may_stop = self._peers.count == 1
        self._meeting = Meeting(self._peers, self.engine)
        self._saved = time.monotonic()

    @property
    def finished(self) -> bool:
        """Whether every piece is trained."""
        return self.next_piece >= len(self._pieces)

    def run(self, pool: ThreadPoolExecutor) -> float:
        """Train up to the next snapshot, or to where ``progress`` says stop; the mean loss."""
        stop = self._next_snapshot()
        since = Tally()
        try:
            while self.next_piece < stop and not self._reporter.stopped:
                since.add(self._run(pool, stop, since))
                if self._due():
                    self._save()
        except BaseException:
            # Whatever it is (Ctrl-C, an error of the caller's), what was trained is whole; of
            # several processes it is not, and what was saved at their last meeting stays.
            if self._peers.count == 1:
                self._save()
            raise
        self._save()
        return since.mean_loss()

    def _run(self, pool: ThreadPoolExecutor, stop: int, since: Tally) -> Tally:
        """Train until the next meeting, the next save, or ``stop``."""
        peers, first = self._peers, self.next_piece
        if peers.count > 1:
            stop = min(stop, self._next_meeting())
        numbers = range(first + peers.rank, stop, peers.count)
        shift = Shift(self.engine, self._schedule, self._pieces, numbers, self.first_loss)
        started = time.perf_counter()
        try:
            shift.run(pool, lambda tally: self._look(tally, since, started))
            self._meeting.meet()
        finally:
            self._seconds += time.perf_counter() - started
            self.next_piece = min(stop, shift.done) if peers.count == 1 else stop
            tally = peers.add_up(shift.tally)
            self._tally.add(tally)
        return tally

    def _look(self, tally: Tally, since: Tally, started: float) -> bool:
        """Report where the training is; whether to pause."""
        words = self._tally.words + tally.words * self._peers.count
        seconds = self._seconds + time.perf_counter() - started
        rate = words / seconds if words else 0.0
        now = Tally(0, 0, since.loss + tally.loss, since.examples + tally.examples)
        stopped = self._reporter.report(
            TrainingProgress(
                "training",
                words,
                self._pieces.words,
                rate,
                (self._pieces.words - words) / rate if rate else None,
                now.mean_loss() if now.examples else self.first_loss,
            )
        )
        return (stopped or self._due()) and self._peers.count == 1

    def snapshot(self, loss: float) -> Snapshot:
        """A copy of the tables as they are now."""
        names = self._vocabulary.words
        inputs, outputs = (table.copy() for table in self.engine.tables())
        seconds = self._seconds
        return Snapshot(
            step=self._tally.steps,
            words_seen=self._tally.words,
            words_per_second=self._tally.words / seconds if seconds else 0.0,
            loss=loss,
            vectors=WordVectors(names, inputs),
            output_vectors=WordVectors(names, outputs) if len(outputs) == len(names) else None,
        )

    def _next_snapshot(self) -> int:
        """The first piece after the next snapshot."""
        every = self._settings.snapshot_every
        if every is None:
            return len(self._pieces)
        due = (self._pieces.words_before(self.next_piece) // every + 1) * every
        return self._piece_at(due)

    def _next_meeting(self) -> int:
        before = self._pieces.words_before(self.next_piece)
        return self._piece_at(before + WORDS_BETWEEN * self._peers.count)

    def _piece_at(self, words: int) -> int:
        """The first piece before which at least so many words come, or the end."""
        number = self.next_piece + 1
        while number < len(self._pieces) and self._pieces.words_before(number) < words:
            number += 1
        return min(number, len(self._pieces))

    def _due(self) -> bool:
        waited = time.monotonic() - self._saved
        return self._checkpoint is not None and waited > SECONDS_BETWEEN_SAVES

    def _save(self) -> None:
        if self._checkpoint is None or self._peers.rank:
            return
        inputs, outputs = self.engine.tables()
        Checkpoint(
            settings=kept_settings(self._settings),
            vocabulary=fingerprint(self._vocabulary),
            next_piece=self.next_piece,
            pieces=len(self._pieces),
            first_loss=self.first_loss,
            seconds=self._seconds,
            tally=self._tally,
            inputs=inputs,
            outputs=outputs,
        ).save(self._checkpoint)
        self._saved = time.monotonic()

    def _go_on(self, saved: Checkpoint, path: Path) -> None:
        saved.check(path, self._settings, self._vocabulary, len(self._pieces))
        self.engine.load(saved.inputs, saved.outputs)
        self.next_piece, self.first_loss = saved.next_piece, saved.first_loss
        self._tally, self._seconds = saved.tally, saved.seconds


LARGEST_PIECE = 10_000
"""Words in a piece at most: a fiftieth of a second of training."""

STEPS_IN_PIECE = 6_000_000_000
"""Multiplications in a piece at most: Ctrl-C is heard when the piece that it met is done."""


def piece_words(settings: Settings, corpus: EncodedCorpus) -> int:
    """Words in a piece: few enough for short texts to be shared out and for a stop to be quick."""
    types = len(corpus.vocabulary)
    rows = {"softmax": types, "hierarchical-softmax": types.bit_length()}
    predictors = settings.window + 1 if settings.model == "skip-gram" else 1
    rows_of_each = rows.get(settings.objective, settings.negatives + 1)
    cost = 3 * settings.size * predictors * rows_of_each
    words = min(LARGEST_PIECE, len(corpus.tokens) // 64, STEPS_IN_PIECE // cost)
    return max(64, words)


def _check_corpus(corpus: EncodedCorpus, settings: Settings) -> None:
    words = corpus.vocabulary.words
    if settings.objective == "hierarchical-softmax" and len(words) < 2:
        raise ValueError(
            f"hierarchical softmax needs at least 2 distinct words; the corpus has one, "
            f"{words[0]!r}: give more text, lower min_count, or use negative-sampling"
        )


def _engine(settings: Settings, vocabulary: Vocabulary) -> Engine:
    """Random input vectors, output vectors of zero, and what trains them."""
    shape = (len(vocabulary), settings.size)
    inputs = np.random.default_rng(settings.seed).random(shape, dtype=np.float32)
    inputs -= 0.5
    inputs /= settings.size
    nodes = settings.objective == "hierarchical-softmax"
    outputs = np.zeros((shape[0] - nodes, settings.size), dtype=np.float32)
    if settings.compiled:
        return WalkEngine(settings, vocabulary, inputs, outputs)
    from core.embeddings.word2vec.batches import BatchEngine

    return BatchEngine(settings, vocabulary, inputs, outputs)
