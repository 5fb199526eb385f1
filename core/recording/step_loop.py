"""A cell that somebody else calls step by step: what every such recording holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.recording.recover import Signals


@dataclass
class StepLoop:
    """Every call of one cell, in the order in which they were made: its time axis.

    x and before (the states that each step began with) are copies, so a loop may reuse its
    tensors. call_of_step tells which reading of the network around it a step belongs to.
    Batches of different size are padded with NaN. ``signals`` (time, batch, units) and
    ``proof`` are there once ``recover`` has run.
    """

    module: nn.Module
    x: list[Tensor] = field(default_factory=list)
    before: list[tuple[Tensor, ...]] = field(default_factory=list)
    call_of_step: list[int] = field(default_factory=list)
    signals: Signals = field(default_factory=dict)
    proof: float = 0.0
    proof_checked: ClassVar[str] = "every step"

    @property
    def steps(self) -> int:
        """How long the recording is."""
        return len(self.x)

    def in_input_order(self, name: str, *, backward: bool) -> Tensor:
        """A signal with its times as the inputs had them; backwards each reading is turned."""
        value = self.signals[name]
        if not backward:
            return value
        calls = self.call_of_step
        order = sorted(range(len(calls)), key=lambda step: (calls[step], -step))
        return value[order]

    def starts(self) -> list[Tensor]:
        """Each state before the first step of every reading: (call, batch, units)."""
        firsts = [self.call_of_step.index(call) for call in sorted(set(self.call_of_step))]
        return [stacked(list(part)) for part in zip(*(self.before[step] for step in firsts))]

    def there(self) -> Tensor:
        """Which of the (time, batch) a step was called with: smaller batches are padded."""
        return ~stacked([torch.zeros_like(x) for x in self.x])[..., 0].isnan()

    def stacked_before(self) -> tuple[Tensor, ...]:
        """Each state before every step: (time, batch, units)."""
        return tuple(stacked(list(part)) for part in zip(*self.before))


def stacked(tensors: list[Tensor]) -> Tensor:
    """(time, batch, features); smaller batches are padded with NaN."""
    widest = max(len(tensor) for tensor in tensors)
    return torch.stack(
        [
            tensor
            if len(tensor) == widest
            else functional.pad(tensor, (0, 0, 0, widest - len(tensor)), value=float("nan"))
            for tensor in tensors
        ]
    )
