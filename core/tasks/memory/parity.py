"""Parity: was the number of ones odd?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from core.tasks.memory.task import MemoryTask, Sample, one_hot

BITS = 3
BLANK, CUE = 2, 3


@dataclass(frozen=True)
class Parity(MemoryTask):
    """Three bits are read, then blanks; at the cue: is the number of ones odd (1) or even (0)?

    The first bit and the answer are ``delay`` steps apart. No bit alone says anything about
    the answer, so nothing can be left out.
    Source: the classical example of M. Minsky and S. Papert, Perceptrons (1969), with a delay.
    """

    name: ClassVar[str] = "parity"
    features: ClassVar[int] = 4
    outputs: ClassVar[int] = 2
    shortest: ClassVar[int] = BITS
    guess: ClassVar[float] = 0.5

    @property
    def steps(self) -> int:
        return self.delay + 1

    def draw(self, size: int, random: torch.Generator) -> Sample:
        bits = torch.randint(2, (BITS, size), generator=random)
        ids = torch.full((self.steps, size), BLANK)
        ids[:BITS] = bits
        ids[-1] = CUE
        return Sample(one_hot(ids, self.features), bits.sum(0, keepdim=True) % 2)
