"""word2vec trainings that the page shows: the shipped ones, and those run in the background."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from explorer.jobs import Job, Progress, jobs
from explorer.shared import shared
from explorer.training_corpora import Corpus, grammar_corpus

if TYPE_CHECKING:
    from core.embeddings import WordVectors
    from core.embeddings.advice import TrainingWarning
    from core.embeddings.replay import Question, Replay

SHELF = Path(__file__).resolve().parents[1] / "assets" / "embeddings"
FRAMES = 24


@dataclass(frozen=True)
class Training:
    """What is trained on what. corpus: a grammar's language, or the digest of a reader's text."""

    corpus: str
    model: str = "skip-gram"
    objective: str = "negative-sampling"
    size: int = 50
    window: int = 4
    negatives: int = 5
    epochs: int = 3
    seed: int = 1
    learning_rate: float | None = None  # None: what the model begins with
    min_count: int = 5
    subsample: float = 1e-3

    @property
    def key(self) -> str:
        """A name for this training, the same for the same settings."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Finished:
    """A finished training: its replay, and what it learned of every word, to take home.

    outputs: the vectors of the words as predicted, where the objective has them. counts: how
    often each word occurs in the corpus. warnings: what is wrong with the vectors.
    """

    replay: Replay
    vectors: WordVectors
    outputs: WordVectors | None
    counts: np.ndarray
    warnings: tuple[TrainingWarning, ...] = ()


SHIPPED = {
    "replay-en": Training("en"),
    "replay-zh": Training("zh"),
    "replay-en-cbow": Training("en", model="cbow"),
    "replay-zh-cbow": Training("zh", model="cbow"),
}
"""The trainings whose finished replays lie in assets/embeddings, by the name of the file."""


def shipped_training(language: str) -> Training:
    """The training that the page opens on."""
    return Training(language)


def shipped_replay(language: str) -> Replay:
    """The finished replay that the page opens on, there at once."""
    return _shelved(f"replay-{language}")


@shared
def _shelved(name: str) -> Replay:
    from core.embeddings.replay import Replay

    return Replay.load(SHELF / f"{name}.safetensors")


def shipped_finished(training: Training) -> Finished | None:
    """The end of a shipped training, whose replay shows every word of the grammar; else None."""
    from core.embeddings import WordVectors

    name = next((name for name, one in SHIPPED.items() if one == training), None)
    if name is None:
        return None
    replay = _shelved(name)
    outputs = None
    if replay.output_vectors.shape[1]:
        outputs = WordVectors(replay.words, replay.output_vectors[-1].astype(np.float32))
    return Finished(replay, replay.vectors_at(-1), outputs, replay.counts)


def start_training(training: Training, corpus: Corpus) -> Job:
    """Train in the background; the job's result is a ``Finished``."""
    return jobs().start(
        training.key,
        lambda progress: train(training, corpus, progress),
        memory=bytes_held(training, corpus),
    )


def bytes_held(training: Training, corpus: Corpus) -> int:
    """What a training holds at its end: the snapshots, each with two tables of float32."""
    known = sum(count >= training.min_count for count in corpus.counts.values())
    return 4 * 2 * (FRAMES + 2) * known * training.size


def train(training: Training, corpus: Corpus, progress: Progress) -> Finished:
    """Run a training and make its replay; ``progress.note`` is a ``TrainingProgress``."""
    from core.embeddings import TrainingProgress, train_word2vec
    from core.embeddings.advice import warn_of_vectors
    from core.embeddings.grammar import analogies, similar_pairs
    from core.embeddings.replay import make_replay

    settings = asdict(training)
    settings.pop("corpus")

    def look(now: TrainingProgress) -> bool:
        share = now.words_seen / now.words_total if now.stage == "training" else 0.0
        progress.report(0.9 * share, now)  # stops the training by its error
        return progress.enough.is_set()

    # One thread: the same settings give the same vectors, here and from the exported Python.
    snapshots = list(
        train_word2vec(
            corpus.sentences,
            **settings,
            threads=1,
            snapshot_every=max(5_000, corpus.words * training.epochs // FRAMES),
            progress=look,
        )
    )
    questions: list[Question] = []
    if corpus.generated:
        questions = [q for part in analogies(corpus.id).values() for q in part]
    replay = make_replay(
        snapshots,
        corpus.counts,
        most=800 if corpus.generated else 2000,
        questions=questions[::5],
        pairs=similar_pairs(corpus.id) if corpus.generated else [],
        settings=asdict(training),
    )
    progress.report(1.0)
    last = snapshots[-1]
    found = np.array([corpus.counts[word] for word in last.vectors.words])
    warnings = tuple(warn_of_vectors(last.vectors))
    return Finished(replay, last.vectors, last.output_vectors, found, warnings)


def ship() -> None:
    """Make the replays in assets/embeddings again from their seeds."""
    SHELF.mkdir(parents=True, exist_ok=True)
    for name, training in SHIPPED.items():
        replay = train(training, grammar_corpus(training.corpus), Progress()).replay
        replay.save(SHELF / f"{name}.safetensors")
        print(name, {score: round(float(row[-1]), 3) for score, row in replay.scores.items()})


if __name__ == "__main__":
    ship()
