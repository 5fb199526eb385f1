"""Stopping a training and going on with it."""

import _thread
import gzip
import threading
import time

import numpy as np
import pytest

from core.embeddings import encode_corpus, train_word2vec

WORDS = "abcdefghijklmnopqrstuvwxyz"
RANDOM = np.random.default_rng(0)
SENTENCES = [RANDOM.choice(list(WORDS), 12).tolist() for _ in range(4000)]
CORPUS = encode_corpus(SENTENCES)
SETTINGS = {"size": 12, "epochs": 3, "threads": 1, "seed": 4}


def last(corpus=CORPUS, **changed):
    *_, final = train_word2vec(corpus, **SETTINGS | changed)
    return final


def same(one, other):
    np.testing.assert_array_equal(one.vectors.vectors, other.vectors.vectors)
    assert (one.step, one.words_seen) == (other.step, other.words_seen)


@pytest.mark.parametrize(
    "objective", ["negative-sampling", "nce", "hierarchical-softmax", "softmax"]
)
def test_left_and_gone_on_with_equals_uninterrupted(tmp_path, objective):
    settings = {"objective": objective, "snapshot_every": 20_000}
    file = tmp_path / "half.safetensors"
    training = train_word2vec(CORPUS, checkpoint=file, **SETTINGS | settings)
    for _ in range(4):
        next(training)
    training.close()
    seen = [s.words_seen for s in train_word2vec(CORPUS, checkpoint=file, **SETTINGS | settings)]
    assert 60_000 < seen[0] < seen[-1] == 3 * len(CORPUS.tokens)
    same(last(checkpoint=file, **settings), last(**settings))


def test_ctrl_c_is_heard_within_a_second_and_loses_nothing(tmp_path):
    file = tmp_path / "stopped.safetensors"
    began = []

    def interrupt(progress):
        if progress.stage == "training" and not began:
            began.append(time.process_time())
            threading.Thread(target=_thread.interrupt_main).start()

    long = {"epochs": 150, "progress": interrupt, "checkpoint": file}
    with pytest.raises(KeyboardInterrupt):
        last(**long)
    assert time.process_time() - began[0] < 1  # of work: a busy machine may let it wait
    resumed = last(**long)
    same(resumed, last(epochs=150))


def test_a_finished_training_is_not_trained_again(tmp_path):
    file = tmp_path / "whole.safetensors"
    whole = last(checkpoint=file)
    (again,) = train_word2vec(CORPUS, checkpoint=file, **SETTINGS)
    same(whole, again)


def test_progress_counts_words_and_tells_the_time_left_and_can_stop():
    seen = []

    def look(progress):
        seen.append(progress)
        return progress.stage == "training" and len(seen) > 3

    started = time.monotonic()
    *_, final = train_word2vec(iter(SENTENCES), **SETTINGS | {"epochs": 900, "progress": look})
    assert time.monotonic() - started < 10
    assert 0 < final.words_seen < 900 * len(CORPUS.tokens)
    assert [p.stage for p in seen[:1]] == ["compiling"]
    training = seen[1:]
    assert all(p.words_total == 900 * len(CORPUS.tokens) for p in training)
    assert [p.words_seen for p in training] == sorted(p.words_seen for p in training)
    p = training[-1]
    assert p.seconds_left == pytest.approx((p.words_total - p.words_seen) / p.words_per_second)
    assert 0 < p.loss < 5


def test_an_error_in_progress_comes_through():
    def fail(progress):
        raise LookupError(progress.stage)

    with pytest.raises(LookupError, match="compiling"):
        last(progress=fail)


def test_a_checkpoint_of_something_else_is_refused(tmp_path):
    file = tmp_path / "training.safetensors"
    last(checkpoint=file)
    with pytest.raises(ValueError, match=r"other settings: size=13 \(there: 12\)"):
        last(checkpoint=file, size=13)
    with pytest.raises(ValueError, match="another corpus"):
        last([*SENTENCES, ["a", "b"]], checkpoint=file)
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(ValueError, match=r"not a whole \.safetensors file"):
        last(checkpoint=file)


def test_threads_and_snapshots_may_change_on_the_way(tmp_path):
    file = tmp_path / "training.safetensors"
    training = train_word2vec(CORPUS, checkpoint=file, **SETTINGS, snapshot_every=30_000)
    next(training), next(training)
    training.close()
    assert last(checkpoint=file, threads=2).words_seen == 3 * len(CORPUS.tokens)


def test_a_gzipped_file_and_a_generator_train_like_the_list(tmp_path):
    path = tmp_path / "text.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(" ".join(sentence) + "\n" for sentence in SENTENCES)
    for corpus in (path, iter(SENTENCES)):
        same(last(corpus), last())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match="damaged gzip file"):
        last(path)


def test_one_of_several_processes_cannot_stop_alone():
    from core.embeddings.word2vec.session import Reporter
    from core.embeddings.word2vec.snapshot import TrainingProgress

    now = TrainingProgress("training", 1, 2, 1.0, 1.0, 1.0)
    for may_stop in (True, False):
        reporter = Reporter(lambda progress: True)
        reporter.may_stop = may_stop
        assert reporter.report(now) is may_stop
