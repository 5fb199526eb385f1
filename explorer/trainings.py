"""word2vec trainings that the page shows: the shipped ones, and those run in the background."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.jobs import Job, Progress, jobs
from explorer.shared import shared

if TYPE_CHECKING:
    from core.embeddings.replay import Replay

SHELF = Path(__file__).resolve().parents[1] / "assets" / "embeddings"
GRAMMARS = ("en", "zh")
FRAMES = 24
GRAMMAR_WORDS = 1_000_000
MOST_CHARACTERS = 20_000_000
Sentences = Sequence[Sequence[str]]


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

    @property
    def key(self) -> str:
        """A name for this training, the same for the same settings."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def shipped_training(language: str) -> Training:
    """The training whose finished replay lies in assets/embeddings."""
    return Training(language)


@shared
def shipped_replay(language: str) -> Replay:
    """A finished replay, there at once."""
    from core.embeddings.replay import Replay

    return Replay.load(SHELF / f"replay-{language}.safetensors")


@shared
def grammar_sentences(language: str) -> Sentences:
    """The shipped corpus: generated here, from a seed, whenever it is needed."""
    from core.embeddings.grammar import generate_corpus

    return list(generate_corpus(language, GRAMMAR_WORDS))


def own_sentences(text: str) -> Sentences:
    """A reader's text as sentences of words; Chinese is segmented.

    Raises ValueError where it is too long or has too few words to learn from.
    """
    from core.embeddings import split_sentences, tokenize_chinese, tokenize_english

    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"The text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read here. "
            "Train on a part of it, or from Python with train_word2vec(path)."
        )
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text[:5000])
    tokenize = tokenize_chinese if chinese > 0.2 * len(text[:5000]) else tokenize_english
    sentences = [tokenize(sentence) for sentence in split_sentences(text)]
    words = sum(map(len, sentences))
    if words < 200:
        raise ValueError(f"The text has {words} words; give at least 200, better some 100,000.")
    return sentences


def start_training(training: Training, sentences: Sentences) -> Job:
    """Train in the background; the job's result is a ``Replay``."""
    return jobs().start(
        training.key,
        lambda progress: train(training, sentences, progress),
        memory=bytes_held(training, sentences),
    )


def bytes_held(training: Training, sentences: Sentences) -> int:
    """What a training holds at its end: the snapshots, each with two tables of float32."""
    counts = Counter(word for sentence in sentences for word in sentence)
    known = sum(count >= least_count(counts.total()) for count in counts.values())
    return 4 * 2 * (FRAMES + 2) * known * training.size


def least_count(words: int) -> int:
    """How often a word must occur in a corpus of so many to be learned."""
    return 5 if words > 20_000 else 2 if words > 2_000 else 1


def train(training: Training, sentences: Sentences, progress: Progress) -> Replay:
    """Run a training and make its replay; ``progress.note`` is (loss, words a second)."""
    from core.embeddings import TrainingProgress, train_word2vec
    from core.embeddings.grammar import analogies, similar_pairs
    from core.embeddings.replay import make_replay

    counts = Counter(word for sentence in sentences for word in sentence)
    words = sum(counts.values())
    settings = asdict(training)
    corpus = settings.pop("corpus")
    snapshots = []
    every = max(5_000, words * training.epochs // FRAMES)

    def look(now: TrainingProgress) -> None:
        share = now.words_seen / now.words_total if now.stage == "training" else 0.0
        note = (now.loss, now.words_per_second) if now.loss and now.words_seen else None
        progress.report(0.9 * share, note)  # stops the training by its error

    snapshots.extend(
        train_word2vec(
            sentences,
            **settings,
            min_count=least_count(words),
            threads=2,
            snapshot_every=every,
            progress=look,
        )
    )
    grammar = corpus in GRAMMARS
    questions = [q for part in analogies(corpus).values() for q in part] if grammar else []
    replay = make_replay(
        snapshots,
        counts,
        most=800 if grammar else 2000,
        questions=questions[::5],
        pairs=similar_pairs(corpus) if grammar else [],
        settings=asdict(training),
    )
    progress.report(1.0)
    return replay


def ship() -> None:
    """Make the replays in assets/embeddings again from their seeds."""
    SHELF.mkdir(parents=True, exist_ok=True)
    for language in GRAMMARS:
        training = shipped_training(language)
        replay = train(training, list(grammar_sentences(language)), Progress())
        replay.save(SHELF / f"replay-{language}.safetensors")
        print(language, {name: round(float(row[-1]), 3) for name, row in replay.scores.items()})


if __name__ == "__main__":
    ship()
