import os

import pytest
import torch

from core.embeddings import train_word2vec

TEXT = [["a", "b", "c"] * 5] * 5


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"model": "glove"}, ValueError, "model must be one of 'skip-gram', 'cbow'; 'glove' came"),
        ({"objective": "hinge"}, ValueError, "objective must be one of"),
        ({"size": 0}, ValueError, "size must be at least 1; 0 came"),
        ({"window": 2.5}, TypeError, "window must be a whole number; 2.5 came"),
        ({"epochs": True}, TypeError, "epochs must be a whole number"),
        ({"threads": 0}, ValueError, "threads must be at least 1"),
        ({"snapshot_every": -5}, ValueError, "snapshot_every must be at least 1"),
        ({"learning_rate": float("inf")}, ValueError, "learning_rate must be a positive number"),
        ({"learning_rate": 0.0}, ValueError, "learning_rate must be a positive number"),
        ({"device": "cuda", "threads": 4}, ValueError, "several threads are for the CPU"),
    ],
)
def test_settings_are_checked_before_anything_is_read(setting, error, message):
    with pytest.raises(error, match=message):
        train_word2vec(iter(()), **setting)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"subsample": -1.0}, "subsample must be positive"),
        ({"negative_exponent": float("nan")}, "negative_exponent must be a finite number"),
        ({"min_count": 99}, "no word occurs min_count=99 times"),
    ],
)
def test_what_depends_on_the_corpus_is_checked_with_it(setting, message):
    with pytest.raises(ValueError, match=message):
        list(train_word2vec(TEXT, **setting))


@pytest.mark.parametrize("device", ["cuda", "cuda:77", "abacus", "meta"])
def test_a_device_that_is_not_there_is_refused_in_words(device):
    if device == "cuda" and torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(ValueError, match=rf"device='{device}'.*leave device out"):
        train_word2vec(TEXT, device=device)


def test_a_tree_of_one_word_is_refused_in_words():
    with pytest.raises(ValueError, match="at least 2 distinct words; the corpus has one, 'a'"):
        list(train_word2vec([["a"] * 9], objective="hierarchical-softmax", min_count=1))


@pytest.mark.parametrize("threads", [1, 2])
def test_torch_keeps_the_threads_it_had(threads):
    before = torch.get_num_threads()
    torch.set_num_threads(max(2, os.cpu_count() or 2))
    try:
        asked = torch.get_num_threads()
        for _ in train_word2vec(
            TEXT, min_count=1, threads=threads, snapshot_every=1, size=4, objective="softmax"
        ):
            assert torch.get_num_threads() == asked
        assert torch.get_num_threads() == asked
    finally:
        torch.set_num_threads(before)
