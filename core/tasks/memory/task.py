"""What the races of memory ask of a task: something read now and needed later."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor


class Sample(NamedTuple):
    """Sequences with their answers.

    inputs: (time, batch, features).
    targets: (answers, batch), what is asked at the last ``answers`` steps: class numbers, or
        real numbers where the task is a regression.
    """

    inputs: Tensor
    targets: Tensor


@dataclass(frozen=True)
class MemoryTask(ABC):
    """A task in which something must be kept for ``delay`` steps.

    features, outputs, answers: numbers read at a step, numbers predicted at a step, and steps
        at which something is asked, which are the last ones.
    guess: the accuracy of guessing; for a regression the mean squared error of always
        answering the mean.
    solved: the score from which on the task counts as solved.

    Raises ValueError for a delay below ``shortest``.
    """

    delay: int

    name: ClassVar[str]
    features: ClassVar[int]
    outputs: ClassVar[int]
    answers: ClassVar[int] = 1
    shortest: ClassVar[int] = 1
    guess: ClassVar[float]
    regression: ClassVar[bool] = False
    solved: ClassVar[float] = 0.95

    def __post_init__(self) -> None:
        if self.delay < self.shortest:
            raise ValueError(
                f"delay is {self.delay}; the task {self.name!r} needs at least {self.shortest}."
            )

    @property
    @abstractmethod
    def steps(self) -> int:
        """The length of every sequence."""

    @abstractmethod
    def draw(self, size: int, random: torch.Generator) -> Sample:
        """``size`` sequences with their answers."""

    def sample(self, size: int, seed: int) -> Sample:
        """``size`` sequences; the same for the same ``seed``.

        Raises ValueError for a size below 1.
        """
        if size < 1:
            raise ValueError(f"size is {size}; expected at least 1 sequence.")
        return self.draw(size, torch.Generator().manual_seed(seed))

    def score(self, predictions: Tensor, targets: Tensor) -> float:
        r"""How well ``predictions`` (answers, batch, outputs) meet ``targets``; 1 is perfect.

        The share of right answers, or for a regression :math:`1 - \mathrm{MSE} / \mathrm{guess}`
        (never below 0).
        """
        if not self.regression:
            return (predictions.argmax(-1) == targets).double().mean().item()
        error = (predictions[..., 0] - targets).square().double().mean().item()
        return max(0.0, 1 - error / self.guess)

    @property
    def baseline(self) -> float:
        """The score of guessing."""
        return 0.0 if self.regression else self.guess


def one_hot(ids: Tensor, features: int) -> Tensor:
    """Ids (time, batch) as (time, batch, features) of zeros and ones."""
    return torch.nn.functional.one_hot(ids, features).float()
