"""Skip-gram trained in the background: one training at a time, and its progress to look at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from core.embeddings.corpus import EncodedCorpus
from explorer.words.space import Space

MOST_KEPT = 12
LOOKS = 60  # points of the loss curve


@dataclass(frozen=True)
class Training:
    """What is trained; the same settings are trained once."""

    language: str
    words: int
    size: int
    window: int
    epochs: int
    seed: int


@dataclass
class Job:
    """A training on its way: what it has seen so far, and in the end its vectors."""

    words_to_see: int
    future: Future[Space] = field(init=False)
    words_seen: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    words_per_second: float = 0.0

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.future.done()

    @property
    def progress(self) -> float:
        """Share of the words seen, 0 to 1."""
        return min(1.0, (self.words_seen[-1] if self.words_seen else 0) / self.words_to_see)


class _Shelf:
    """The latest trainings, whoever asked for them."""

    def __init__(self) -> None:
        self.jobs: OrderedDict[Training, Job] = OrderedDict()
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="skip-gram")
        self.lock = threading.Lock()

    def job(self, training: Training, corpus: EncodedCorpus) -> Job:
        with self.lock:
            if training not in self.jobs:
                job = Job(words_to_see=len(corpus.tokens) * training.epochs)
                job.future = self.pool.submit(_train, job, training, corpus)
                self.jobs[training] = job
                while len(self.jobs) > MOST_KEPT:
                    self.jobs.popitem(last=False)[1].future.cancel()
            self.jobs.move_to_end(training)
            return self.jobs[training]


def start(training: Training, corpus: EncodedCorpus) -> Job:
    """The job of a training, begun now unless it is there already."""
    return _shelf().job(training, corpus)


@cache
def _shelf() -> _Shelf:
    return _Shelf()


def _train(job: Job, training: Training, corpus: EncodedCorpus) -> Space:
    """One thread, so that the seed decides and the page stays quick for others."""
    from core.embeddings.word2vec import train_word2vec

    snapshots = train_word2vec(
        corpus,
        size=training.size,
        window=training.window,
        epochs=training.epochs,
        seed=training.seed,
        threads=1,
        snapshot_every=max(1, job.words_to_see // LOOKS),
    )
    for snapshot in snapshots:
        job.losses.append(snapshot.loss)
        job.words_seen.append(snapshot.words_seen)
        job.words_per_second = snapshot.words_per_second
    return Space(snapshot.vectors.words, snapshot.vectors.vectors)
