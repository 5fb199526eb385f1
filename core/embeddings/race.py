"""Models and objectives trained in turn on the same data from the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.embeddings.corpus import encode_corpus
from core.embeddings.replay import Question, analogy_share

SETTINGS = {"size": 40, "window": 4, "epochs": 8}
POINTS = 8  # of each curve


@dataclass(frozen=True)
class Lap:
    """One racer's course: analogies right over words seen, its speed and its last loss."""

    model: str
    objective: str
    words_seen: tuple[int, ...]
    analogies: tuple[float, ...]
    words_per_second: float
    loss: float


def race(
    sentences: Sequence[Sequence[str]],
    racers: Sequence[tuple[str, str]],
    questions: Sequence[Question],
    *,
    seed: int,
    min_count: int = 5,
) -> Iterator[tuple[float, Lap | None]]:
    """Train each (model, objective) of ``racers``; yields the share of the race that is done,
    and each lap once it is finished.

    Every racer reads the same sentences as often, from the same seed and with its own standard
    learning rate. Losses of different objectives are different quantities and not comparable.
    """
    from core.embeddings.word2vec import train_word2vec

    corpus = encode_corpus(sentences, min_count=min_count)
    words = sum(map(len, sentences)) * SETTINGS["epochs"]
    for number, (model, objective) in enumerate(racers):
        seen, right, snapshot = [], [], None
        for snapshot in train_word2vec(
            corpus,
            model=model,
            objective=objective,
            seed=seed,
            threads=2,
            snapshot_every=max(1, words // POINTS),
            **SETTINGS,
        ):
            seen.append(snapshot.words_seen)
            right.append(analogy_share(snapshot.vectors, questions))
            yield (number + min(1.0, snapshot.words_seen / words)) / len(racers), None
        speed, loss = snapshot.words_per_second, snapshot.loss
        lap = Lap(model, objective, tuple(seen), tuple(right), speed, loss)
        yield (number + 1) / len(racers), lap
