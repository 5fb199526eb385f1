"""The command line, from the outside and from within."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from core.networks.model_file import load_model
from core.training.__main__ import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "verse.txt"
    path.write_text("one two three four five six seven. " * 60, encoding="utf-8")
    return path


def small(text, out, *more):
    return [
        *("--text", str(text), "--out", str(out), "--cell", "gru", "--hidden", "5"),
        *("--steps", "8", "--batch", "3", "--unroll", "6", "--every", "4"),
        *more,
    ]


def weights(path):
    return load_model(path).model.state_dict()


def test_a_text_file_becomes_a_model(text, tmp_path, capsys):
    out = tmp_path / "verse.safetensors"
    assert main(small(text, out, "--seed", "4", "--clip", "0")) == 0
    made = load_model(out)
    assert made.name == "verse"
    assert (made.model.settings.cell, made.model.settings.hidden_size) == ("gru", 5)
    assert (made.info["corpus"], made.info["seed"], made.info["steps"]) == ("verse", 4, 8)
    assert made.info["training"]["clip"] is None
    assert made.info["scored_on"] == "held-out text"
    said = capsys.readouterr()
    assert "bits/character on held-out text (counting single characters" in said.out
    assert "characters/s" in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["verse.safetensors", "verse.txt"]


def test_namaskar_is_a_ready_task(tmp_path):
    out = tmp_path / "n.safetensors"
    assert main(["--task", "namaskar", "--out", str(out), "--steps", "3", "--hidden", "4"]) == 0
    assert load_model(out).info["scored_on"] == "training text"


@pytest.mark.slow
def test_ctrl_c_saves_a_checkpoint_and_resuming_ends_as_if_nothing_had_happened(text, tmp_path):
    """A real process, a real interrupt, and the command that it prints."""
    long = ("--steps", "600", "--every", "1")
    whole, out = tmp_path / "whole.safetensors", tmp_path / "out.safetensors"
    assert main(small(text, whole, *long)) == 0
    command = [sys.executable, "-m", "core.training", *small(text, out, *long)]
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while "characters/s" not in child.stderr.read(200):
        assert child.poll() is None
    os.kill(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130, said
    assert not out.exists()
    assert (tmp_path / "out.checkpoint.safetensors").exists()
    again = said.strip().splitlines()[-1].split()
    assert again[:3] == ["python", "-m", "core.training"]
    assert again[-1] == "--resume"
    assert main(again[3:]) == 0
    assert not (tmp_path / "out.checkpoint.safetensors").exists()
    first, second = weights(whole), weights(out)
    assert all(torch.allclose(first[key], second[key], rtol=0, atol=1e-6) for key in first)


def test_settings_of_the_checkpoint_need_not_be_said_again(text, tmp_path, monkeypatch):
    out = tmp_path / "m.safetensors"
    stop_after_first_snapshot(monkeypatch)
    assert main(small(text, out, "--learning-rate", "0.02")) == 130
    monkeypatch.undo()
    assert main(["--text", str(text), "--out", str(out), "--resume"]) == 0
    assert load_model(out).info["training"]["learning_rate"] == 0.02
    assert load_model(out).info["steps"] == 8


def test_other_settings_than_the_checkpoints_are_refused(text, tmp_path, monkeypatch, capsys):
    out = tmp_path / "m.safetensors"
    stop_after_first_snapshot(monkeypatch)
    assert main(small(text, out)) == 130
    monkeypatch.undo()
    assert main([*small(text, out, "--resume"), "--hidden", "6"]) == 1
    assert "hidden_size was 5 and is now 6" in capsys.readouterr().err


def stop_after_first_snapshot(monkeypatch):
    """As if Ctrl-C came during the first updates."""
    from core.training import loop

    plain = loop.Training.__next__

    def stopping(self):
        snapshot = plain(self)
        self.stop()
        return snapshot

    monkeypatch.setattr(loop.Training, "__next__", stopping)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--out", "m.pt"], "expected a name with .safetensors"),
        (["--cell", "transformer"], "'transformer' is not known"),
        (["--steps", "0"], "steps is 0; expected at least 1"),
        (["--hidden", "0"], "hidden_size must be greater than zero"),
        (["--unroll", "100000"], "Choose a smaller batch"),
        (["--device", "tpu"], "expected cpu or cuda"),
        (["--resume"], "No such file"),
        (["--threads", "0"], "expected at least 1"),
        (
            [*("--cell", "elman", "--activation", "relu", "--steps", "200"),
             *("--learning-rate", "100", "--clip", "0")],
            "smaller learning rate",
        ),
    ],
)  # fmt: skip
def test_errors_are_one_line_with_a_remedy(text, tmp_path, capsys, more, message):
    assert main([*small(text, tmp_path / "m.safetensors"), *more]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("error: ")
    assert message in said


def test_a_file_that_is_not_text_is_named(tmp_path, capsys):
    path = tmp_path / "x.txt"
    path.write_bytes(b"\xff\xfc\x01")
    assert main(small(path, tmp_path / "m.safetensors")) == 1
    assert (
        "x.txt is not UTF-8 text (nor UTF-16 nor GB18030): byte 1, in line 1, is 0xff"
        in capsys.readouterr().err
    )
