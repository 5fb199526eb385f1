"""Bracket matching: which bracket is still open?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from core.tasks.memory.task import MemoryTask, Sample, one_hot

KINDS = 3
DEEPEST = 4
LETTER, CUE = 2 * KINDS, 2 * KINDS + 1  # opening 0 .. 2, closing 3 .. 5 of the same kinds


@dataclass(frozen=True)
class Brackets(MemoryTask):
    """A bracket opens, ``delay`` - 1 steps of balanced brackets follow, then: what closes it?

    Three kinds of brackets, at most four deep inside; one letter fills up where the number of
    steps is odd. The answer is the kind of the only bracket that is still open at the cue.
    """

    name: ClassVar[str] = "brackets"
    features: ClassVar[int] = 2 * KINDS + 2
    outputs: ClassVar[int] = KINDS
    guess: ClassVar[float] = 1 / KINDS

    @property
    def steps(self) -> int:
        return self.delay + 1

    def draw(self, size: int, random: torch.Generator) -> Sample:
        columns = [self._sequence(random) for _ in range(size)]
        ids = torch.tensor(columns).T
        return Sample(one_hot(ids, self.features), ids[:1].clone())

    def _sequence(self, random: torch.Generator) -> list[int]:
        kinds = torch.randint(KINDS, (self.steps,), generator=random).tolist()
        opens = torch.rand(self.steps, generator=random).tolist()
        inside = self.delay - 1
        ids, awaited = [kinds[0]], list[int]()
        if inside % 2:
            ids.append(LETTER)
        for place in range(len(ids), inside + 1):
            left = inside + 1 - place
            must_close = len(awaited) == left or len(awaited) == DEEPEST
            if awaited and (must_close or opens[place] < 0.5):
                ids.append(awaited.pop() + KINDS)
            else:
                awaited.append(kinds[place])
                ids.append(kinds[place])
        return [*ids, CUE]


def still_open(ids: Tensor) -> list[int]:
    """The kinds of the brackets that are open after ``ids`` (time,), the innermost last.

    Raises ValueError where a closing bracket does not fit the innermost open one.
    """
    awaited: list[int] = []
    for place, symbol in enumerate(ids.tolist()):
        if symbol < KINDS:
            awaited.append(symbol)
        elif symbol < 2 * KINDS and (not awaited or awaited.pop() != symbol - KINDS):
            raise ValueError(f"The bracket at step {place} closes nothing that is open there.")
    return awaited
