"""A run from the shell: the same folder as the workshop's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.training.__main__ import main
from core.training.runs.folder import RunStore
from core.training.runs.worker import train_run
from tests.core.training.runs.conftest import TEXT, adding, curve, same_weights

ROOT = Path(__file__).resolve().parents[4]


def small(folder, *more):
    return [
        *("--task", "adding", "--option", "delay=6", "--cell", "lstm", "--hidden", "5"),
        *("--embedding", "32", "--layers", "2", "--dropout", "0.3", "--kept", "6"),
        *("--batch", "4", "--every", "5", "--validate", "20", "--learning-rate", "0.01"),
        *("--seed", "1", "--run", str(folder), *more),
    ]


def test_the_shell_and_the_workshop_make_the_same_run(store, capsys):
    ours = store.create(adding())
    train_run(ours.folder)
    assert main(small(store.folder / "shell", "--steps", "60")) == 0
    run = store.open("shell")
    assert run.settings == ours.settings
    assert curve(run) == curve(ours)
    assert same_weights(run, ours)
    said = capsys.readouterr()
    assert "rmse" in said.out
    assert "60/60" in said.err
    assert main(small(store.folder / "shell", "--steps", "60")) == 0
    assert "is finished" in capsys.readouterr().out


@pytest.mark.slow
def test_ctrl_c_saves_and_the_same_command_goes_on(store, capsys):
    whole = store.create(adding(steps=500))
    train_run(whole.folder)
    folder = store.folder / "shell"
    child = subprocess.Popen(
        [sys.executable, "-m", "core.training", *small(folder, "--steps", "500")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    end = time.monotonic() + 60
    while not (folder / "metrics.jsonl").exists() or not store.open("shell").metrics():
        assert time.monotonic() < end
        assert child.poll() is None
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "the same command goes on" in said
    assert store.open("shell").status == "stopped"
    assert main(small(folder, "--steps", "500")) == 0
    assert curve(store.open("shell")) == curve(whole)
    assert same_weights(store.open("shell"), whole)


def test_a_text_file_is_copied_into_the_run(tmp_path):
    path = tmp_path / "verse.txt"
    path.write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "Verse.1"
    options = ("--steps", "4", "--batch", "2", "--unroll", "5", "--hidden", "3", "--run")
    assert main(["--text", str(path), *options, str(folder)]) == 0
    run = RunStore(tmp_path).open("Verse.1")
    assert run.complete_settings.data == TEXT
    assert run.applied().answer("the c")[0][1] > 0


def test_ready_texts_are_tasks_too(tmp_path):
    folder = tmp_path / "word"
    options = ("--steps", "3", "--batch", "1", "--hidden", "3", "--run")
    assert main(["--task", "namaskar", *options, str(folder)]) == 0
    assert RunStore(tmp_path).open("word").settings.options == {"corpus": "namaskar"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--hidden", "6"], "hidden_size was 5 and is now 6"),
        (["--option", "delay=7"], "delay was 6 and is now 7"),
        (["--bidirectional"], "bidirectional was False and is now True"),
    ],
)
def test_other_settings_than_the_folders_are_refused_by_name(tmp_path, capsys, more, message):
    folder = tmp_path / "run"
    assert main(small(folder, "--steps", "5")) == 0
    assert main(small(folder, "--steps", "5", *more)) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--run", "{}/new"], "say what to learn"),
        (["--run", "{}/new", "--task", "adding", "--option", "delay"], "NAME=VALUE"),
        (["--run", "{}/new", "--task", "adding", "--option", "length=3"], "length"),
        (["--run", "{}/new", "--task", "adding", "--cell", "transformer"], "'transformer'"),
        (["--run", "{}/new", "--task", "adding", "--device", "cuda"], "on the CPU"),
        (["--run", "{}/new", "--text", "{}/none.txt"], "No such file"),
        (["--out", "{}/m.safetensors"], "--out needs --text"),
        (["--out", "{}/m.safetensors", "--task", "adding"], "trained with --run"),
    ],
)
def test_errors_are_one_line_with_a_remedy(tmp_path, capsys, arguments, message):
    assert main([argument.format(tmp_path) for argument in arguments]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("error: ")
    assert message in said
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_says_why(tmp_path, capsys):
    options = ("--optimizer", "sgd", "--clip", "0", "--steps", "200", "--every", "1")
    assert main([*small(tmp_path / "run"), *options, "--learning-rate", "100"]) == 1
    assert "smaller" in capsys.readouterr().err.splitlines()[-1]


def test_the_activation_of_the_shell_is_that_of_the_run(store):
    command = ["--task", "adding", "--cell", "elman", "--hidden", "3", "--steps", "2"]
    assert main([*command, "--activation", "relu", "--run", str(store.folder / "relu")]) == 0
    assert store.open("relu").settings.architecture.nonlinearity == "relu"
