"""Small runs that have really been trained, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from core.networks.architecture import Architecture
from core.training.runs.folder import Run, RunStore
from core.training.runs.settings import RunSettings
from core.training.runs.worker import train_run
from core.training.settings import TrainingSettings

STEPS = 12


def small(cell: str = "lstm", *, title: str = "", seed: int = 0, units: int = 6) -> RunSettings:
    """Settings of a run that takes a tenth of a second."""
    return RunSettings(
        "copying",
        {"delay": 4},
        Architecture(cell, hidden_size=units, embedding_size=0),
        TrainingSettings(steps=STEPS, batch=4, every=2, validate=4, seed=seed),
        title=title,
        kept=3,
    )


def train_here(folder: Path) -> None:
    """Train in this thread, and leave torch's number of threads as it was."""
    threads = torch.get_num_threads()
    train_run(folder)
    torch.set_num_threads(threads)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """An empty folder that the app takes for the reader's."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("UNROLLED_RUNS", str(folder))
    monkeypatch.setenv("UNROLLED_WORKERS", "1")
    return RunStore(folder)


@pytest.fixture
def run(store: RunStore) -> Run:
    """One finished run."""
    made = store.create(small(title="First <b>$x$"))
    train_here(made.folder)
    assert made.status == "finished", made.problem
    return made


@pytest.fixture
def two(store: RunStore, run: Run) -> tuple[Run, Run]:
    """Two finished runs that differ in cell and size."""
    other = store.create(small("gru", title="Second", units=4))
    train_here(other.folder)
    return run, other
