"""Small runs in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from core.networks.architecture import Architecture
from core.training.runs.folder import Run, RunStore
from core.training.runs.settings import RunSettings
from core.training.settings import TrainingSettings

TEXT = "the cat sat on the mat and the dog sat on the cat. " * 40
TIMES = {"rate", "seconds_left", "seconds"}


@pytest.fixture(autouse=True)
def _threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def adding(*, seed: int = 1, steps: int = 60, **training: Any) -> RunSettings:
    """Two layers with dropout, so that random numbers matter."""
    options = {"batch": 4, "every": 5, "validate": 20, "learning_rate": 1e-2} | training
    return RunSettings(
        "adding",
        {"delay": 6},
        Architecture("lstm", hidden_size=5, num_layers=2, dropout=0.3),
        TrainingSettings(steps=steps, seed=seed, **options),
        kept=6,
    )


def text(*, seed: int = 1, steps: int = 60, **training: Any) -> RunSettings:
    """A text, whose state goes on from batch to batch."""
    options = {"batch": 4, "unroll": 7, "every": 5, "validate": 20} | training
    return RunSettings(
        "next-character",
        {"title": "verse"},
        Architecture("lstm", hidden_size=5, embedding_size=0),
        TrainingSettings(steps=steps, seed=seed, **options),
        kept=6,
        data=TEXT,
    )


MAKERS: dict[str, Callable[..., RunSettings]] = {"adding": adding, "text": text}


def curve(run: Run) -> list[dict[str, Any]]:
    """What the metrics say, but for how long it took."""
    return [{k: v for k, v in line.items() if k not in TIMES} for line in run.metrics()]


def same_weights(first: Run, second: Run, step: int | None = None) -> bool:
    one, other = (run.applied(step).model.state_dict() for run in (first, second))
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


def on_disk(settings: RunSettings, folder: Path) -> list[str]:
    """The options of the command line that train ``settings`` in ``folder``."""
    RunStore(folder.parent).create(settings, folder.name)
    return ["-m", "core.training", "--run", str(folder)]
