"""What a word2vec training is asked to do, checked once."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Literal, get_args

Model = Literal["skip-gram", "cbow"]
Objective = Literal["negative-sampling", "nce", "hierarchical-softmax", "softmax"]

LEARNING_RATE = {"skip-gram": 0.05, "cbow": 0.15}
"""Where the learning rate begins if nothing is said."""

MOST_THREADS = 8
"""So many at most unless more are asked for: on a small text more of them only get in each
other's way."""


@dataclass(frozen=True)
class Settings:
    """The arguments of ``train_word2vec``; see there for what they mean."""

    model: Model
    objective: Objective
    size: int
    window: int
    negatives: int
    subsample: float | None
    negative_exponent: float
    min_count: int
    epochs: int
    learning_rate: float | None
    seed: int
    device: str
    threads: int | None
    snapshot_every: int | None
    shared_negatives: bool

    def __post_init__(self) -> None:
        _one_of("model", self.model, get_args(Model))
        _one_of("objective", self.objective, get_args(Objective))
        for name in ("size", "window", "negatives", "min_count", "epochs"):
            _at_least_one(name, getattr(self, name))
        for name in ("threads", "snapshot_every"):
            if getattr(self, name) is not None:
                _at_least_one(name, getattr(self, name))
        if not (math.isfinite(self.first_rate()) and self.first_rate() > 0):
            raise ValueError(f"learning_rate must be a positive number; {self.learning_rate} came")
        if self.threads not in (None, 1) and self.device != "cpu":
            raise ValueError(
                f"threads={self.threads} came with device {self.device!r}; several threads are "
                "for the CPU: leave threads out"
            )
        if self.device != "cpu":
            _check_device(self.device)

    @property
    def compiled(self) -> bool:
        """Whether the compiled loops train it: everything on the CPU but the full softmax."""
        return self.device == "cpu" and self.objective != "softmax"

    def first_rate(self) -> float:
        """The learning rate that training begins with."""
        return LEARNING_RATE[self.model] if self.learning_rate is None else self.learning_rate

    def thread_count(self) -> int:
        """Threads to train with: as asked, else every core this process may use, up to 8."""
        if self.threads is not None:
            return self.threads
        if self.device != "cpu":
            return 1
        affinity = getattr(os, "sched_getaffinity", None)
        cores = len(affinity(0)) if affinity else os.cpu_count() or 1
        return min(cores, MOST_THREADS)


def _check_device(name: str) -> None:
    import torch

    try:
        torch.zeros(1, device=name).cpu()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"device={name!r} came, and torch cannot use it here ({reason}); leave device out to "
            "train on the CPU"
        ) from error


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; {value!r} came")


def _at_least_one(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number; {value!r} came")
    if value < 1:
        raise ValueError(f"{name} must be at least 1; {value} came")
