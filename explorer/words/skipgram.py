"""Skip-gram trained in the background, with its loss so far to look at."""

from __future__ import annotations

from dataclasses import dataclass

from core.embeddings.corpus import EncodedCorpus
from explorer.jobs import Job, Progress, jobs
from explorer.words.space import Space

LOOKS = 60  # points of the loss curve


@dataclass(frozen=True)
class Training:
    """What is trained, and the key of its job: the same settings are trained once.

    merged: two words under one name, and the share of the first, where the corpus was so changed.
    """

    language: str
    words: int
    size: int
    window: int
    epochs: int
    seed: int
    merged: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Curve:
    """The mean loss of a pair since the look before, over the words seen."""

    words_seen: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()
    words_per_second: float = 0.0


@dataclass(frozen=True, eq=False)
class Trained:
    """What comes of a training."""

    space: Space
    curve: Curve


def start(training: Training, corpus: EncodedCorpus) -> Job:
    """The job of a training, begun now unless it is there already; its note is a ``Curve``."""
    return jobs().start(training, lambda progress: _train(training, corpus, progress))


def _train(training: Training, corpus: EncodedCorpus, progress: Progress) -> Trained:
    """One thread, so that the seed decides and the app stays quick for others.

    Raises ValueError if the training diverges.
    """
    from core.embeddings.word2vec import TrainingDivergedError, train_word2vec

    total = len(corpus.tokens) * training.epochs
    curve = Curve()
    snapshots = train_word2vec(
        corpus,
        size=training.size,
        window=training.window,
        epochs=training.epochs,
        seed=training.seed,
        threads=1,
        snapshot_every=max(1, total // LOOKS),
    )
    try:
        for last in snapshots:
            words_seen, losses = (*curve.words_seen, last.words_seen), (*curve.losses, last.loss)
            curve = Curve(words_seen, losses, last.words_per_second)
            progress.report(last.words_seen / total, curve)
    except TrainingDivergedError as error:
        raise ValueError(str(error)) from error
    return Trained(Space(last.vectors.words, last.vectors.vectors), curve)
