"""The command line, alone and under torchrun."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.embeddings import load_vectors
from core.embeddings.evaluation import all_sections, score_analogies
from core.embeddings.word2vec.__main__ import main
from tests.core.embeddings.word2vec.test_training import QUESTIONS, royal_corpus

ROOT = Path(__file__).resolve().parents[4]
ARGUMENTS = ["--size", "16", "--window", "4", "--subsample", "1", "--threads", "1"]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "royals.txt"
    path.write_text("\n".join(map(" ".join, royal_corpus())), encoding="utf-8")
    return path


def accuracy(path):
    return all_sections(score_analogies(load_vectors(path, cache=False), QUESTIONS)).accuracy


def test_it_trains_and_writes_what_it_says(text, tmp_path, capsys):
    out = tmp_path / "vectors.txt"
    assert main([str(text), "--out", str(out), "--epochs", "6", *ARGUMENTS]) == 0
    assert accuracy(out) >= 0.9
    said = capsys.readouterr().out
    assert "60,000 words, 22 kinds" in said
    assert "6 epochs" in said
    assert not list(tmp_path.glob("*.training.safetensors"))


def test_an_error_is_said_in_words(tmp_path, capsys):
    path = tmp_path / "empty.txt"
    path.write_text("\n")
    assert main([str(path), "--out", str(tmp_path / "v.txt")]) == 1
    assert "error: the corpus has no words" in capsys.readouterr().err
    assert main([str(tmp_path / "none.txt"), "--out", str(tmp_path / "v.txt")]) == 1
    assert "none.txt" in capsys.readouterr().err


def start(module, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", *module, *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.mark.slow
def test_ctrl_c_keeps_the_training_and_the_same_command_goes_on(text, tmp_path):
    """Stopped and gone on with gives the file of a training that was never stopped."""
    stopped, whole = tmp_path / "stopped.txt", tmp_path / "whole.txt"
    kept = tmp_path / "stopped.txt.training.safetensors"
    command = ["core.embeddings.word2vec"]
    arguments = [text, "--epochs", "150", "--size", "64", *ARGUMENTS[2:]]
    process = start(command, *arguments, "--out", stopped)
    try:
        for line in process.stdout:
            if "loss" in line:  # the bar of the training has begun
                break
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert time.monotonic() - began < 5  # the interpreter's own end included
    if kept.exists():  # else it was still starting
        assert "The same command goes on" in said
    for out in (stopped, whole):
        process = start(command, *arguments, "--out", out)
        assert process.wait(timeout=200) == 0
    np.testing.assert_array_equal(
        load_vectors(stopped, cache=False).vectors, load_vectors(whole, cache=False).vectors
    )


@pytest.mark.slow
def test_two_processes_learn_as_well_as_one(text, tmp_path):
    out = tmp_path / "vectors.txt"
    launcher = ["torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m"]
    process = start(
        launcher, "core.embeddings.word2vec", text, "--out", out, "--epochs", "6", *ARGUMENTS
    )
    said = process.communicate(timeout=200)[0]
    assert process.returncode == 0, said
    assert accuracy(out) >= 0.9
