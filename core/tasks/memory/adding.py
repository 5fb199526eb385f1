"""The adding problem: two of many numbers are marked, and their sum is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from core.tasks.memory.task import MemoryTask, Sample


@dataclass(frozen=True)
class Adding(MemoryTask):
    r"""``delay`` numbers, uniform in [0, 1); one in each half is marked; the sum of both.

    At every step the inputs are the number and its mark (0 or 1). Always answering 1, the
    mean, has the mean squared error :math:`2 \cdot 1/12 = 0.167`. Solved means at most 0.01.
    Source: S. Hochreiter and J. Schmidhuber, Long short-term memory, Neural Computation 9
    (1997), task 4; marks in the two halves as in Q. V. Le, N. Jaitly and G. Hinton,
    arXiv:1504.00941 (2015).
    """

    name: ClassVar[str] = "adding"
    features: ClassVar[int] = 2
    outputs: ClassVar[int] = 1
    shortest: ClassVar[int] = 2
    guess: ClassVar[float] = 1 / 6
    regression: ClassVar[bool] = True
    solved: ClassVar[float] = 1 - 0.01 * 6

    @property
    def steps(self) -> int:
        return self.delay

    def draw(self, size: int, random: torch.Generator) -> Sample:
        numbers = torch.rand(self.steps, size, generator=random)
        half = self.steps // 2
        first = torch.randint(half, (1, size), generator=random)
        second = torch.randint(half, self.steps, (1, size), generator=random)
        marks = torch.zeros(self.steps, size).scatter_(0, torch.cat((first, second)), 1.0)
        return Sample(torch.stack((numbers, marks), dim=-1), (numbers * marks).sum(0, keepdim=True))
