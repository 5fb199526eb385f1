"""The background training: made once, watched while it runs, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.corpus import encode_corpus
from core.embeddings.grammar import generate_corpus
from explorer.jobs import Jobs
from explorer.words.skipgram import Training, start

CORPUS = encode_corpus(generate_corpus("en", 20_000), min_count=5)
PATIENCE = 120


@pytest.fixture(autouse=True)
def jobs_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(workers=1)
    monkeypatch.setattr("explorer.words.skipgram.jobs", lambda: jobs)


def training(seed: int = 0, size: int = 8) -> Training:
    return Training("en", 20_000, size=size, window=3, epochs=1, seed=seed)


def test_a_training_ends_with_vectors_of_the_corpus_and_a_falling_loss() -> None:
    job = start(training(), CORPUS).wait(PATIENCE)
    trained = job.result
    assert job.progress.share == 1
    assert list(trained.space.words) == list(CORPUS.vocabulary.words)
    assert trained.space.size == 8
    curve = trained.curve
    assert job.progress.note == curve
    assert len(curve.losses) == len(curve.words_seen) > 5
    assert curve.words_seen[-1] == len(CORPUS.tokens)
    assert curve.losses[-1] < curve.losses[0]
    assert curve.words_per_second > 0


def test_the_same_settings_are_trained_once() -> None:
    first = start(training(), CORPUS)
    assert start(training(), CORPUS) is first
    assert start(training(seed=1), CORPUS) is not first


def test_the_seed_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = (start(training(seed), CORPUS).wait(PATIENCE).result for seed in (0, 1))
    again = Jobs(workers=1)
    monkeypatch.setattr("explorer.words.skipgram.jobs", lambda: again)
    same = start(training(), CORPUS).wait(PATIENCE).result
    assert np.array_equal(first.space.rows, same.space.rows)
    assert not np.allclose(first.space.rows, other.space.rows)


def test_settings_that_cannot_be_trained_are_explained() -> None:
    job = start(training(size=0), CORPUS).wait(PATIENCE)
    assert job.result is None
    assert job.error == "size must be at least 1; 0 came"
