"""Copying: say again what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from core.tasks.memory.task import MemoryTask, Sample, one_hot

SYMBOLS, LENGTH = 4, 3
BLANK, CUE = SYMBOLS, SYMBOLS + 1


@dataclass(frozen=True)
class Copying(MemoryTask):
    """Three symbols out of four are read, then blanks; at a cue they are said again, in order.

    Symbol i is read at step i and asked for at step i + delay. The cue stands at the first
    answer; the two after it are blanks.
    Source: the task of S. Hochreiter and J. Schmidhuber (1997) as simplified by M. Arjovsky,
    A. Shah and Y. Bengio, Unitary evolution recurrent neural networks (2016).
    """

    name: ClassVar[str] = "copying"
    features: ClassVar[int] = SYMBOLS + 2
    outputs: ClassVar[int] = SYMBOLS
    answers: ClassVar[int] = LENGTH
    shortest: ClassVar[int] = LENGTH
    guess: ClassVar[float] = 1 / SYMBOLS

    @property
    def steps(self) -> int:
        return LENGTH + self.delay

    def draw(self, size: int, random: torch.Generator) -> Sample:
        symbols = torch.randint(SYMBOLS, (LENGTH, size), generator=random)
        ids = torch.full((self.steps, size), BLANK)
        ids[:LENGTH] = symbols
        ids[self.delay] = CUE
        return Sample(one_hot(ids, self.features), symbols)
