"""Delayed recall: name the marked symbol after many others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from core.tasks.memory.task import MemoryTask, Sample, one_hot

SYMBOLS = 4
CUE, MARK = SYMBOLS, SYMBOLS + 1
LEAD = 5


@dataclass(frozen=True)
class Recall(MemoryTask):
    """Symbols at random, one of the first five marked, then a cue: which one was marked?

    From the mark to the cue it takes ``delay`` steps or up to four more. The symbols before
    and after are drawn from the same four, so only the marked one may be written to memory
    and the others must be kept from writing over it. The mark is an input of its own, 1 at
    that step.
    Source: after the latching problem of Y. Bengio, P. Simard and P. Frasconi, Learning
    long-term dependencies with gradient descent is difficult (1994).
    """

    name: ClassVar[str] = "recall"
    features: ClassVar[int] = SYMBOLS + 2
    outputs: ClassVar[int] = SYMBOLS
    guess: ClassVar[float] = 1 / SYMBOLS

    @property
    def steps(self) -> int:
        return LEAD + self.delay

    def draw(self, size: int, random: torch.Generator) -> Sample:
        ids = torch.randint(SYMBOLS, (self.steps, size), generator=random)
        places = torch.randint(LEAD, (1, size), generator=random)
        wanted = ids.gather(0, places)
        ids[-1] = CUE
        inputs = one_hot(ids, self.features)
        inputs[..., MARK].scatter_(0, places, 1.0)
        return Sample(inputs, wanted)
