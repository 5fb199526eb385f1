"""Where a broken network's numbers stop being finite: it is recorded, and marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.recording.sequence_call import SequenceCall
from core.recording.step_loop import StepLoop

LOOKED_AT = ("hidden", "cell", "grad_hidden", "grad_cell")


class NotFinite(NamedTuple):
    """The first step of a recording with NaN or infinity, and in which signal."""

    step: int
    signal: str


def first_not_finite(parts: Sequence[SequenceCall | StepLoop]) -> NotFinite | None:
    """The earliest of the states, else of the gradients; None where all are finite.

    States come first: a gradient carries what is broken back to steps that were sound.
    What lies beyond the end of a packed sequence does not count.
    """
    found = [one for name in LOOKED_AT for one in _bad_steps(parts, name)]
    return min(found, default=None, key=lambda one: (one.signal.startswith("grad_"), one.step))


def _bad_steps(parts: Sequence[SequenceCall | StepLoop], name: str) -> Iterator[NotFinite]:
    """The first bad step of each call, counted over all calls."""
    before = 0
    for part in parts:
        for value, there in _values(part, name):
            # One sum tells in nearly every case, and is all that a sound recording costs.
            if torch.isfinite(value.sum()):
                continue
            bad = ~torch.isfinite(value).all(dim=-1)
            steps = (bad if there is None else bad & there).any(dim=-1).nonzero()
            if len(steps):
                yield NotFinite(before + int(steps[0]), name)
        before += part.steps


def _values(part: SequenceCall | StepLoop, name: str) -> Iterator[tuple[Tensor, Tensor | None]]:
    """(time, batch, units) in the order of the inputs, and where there is a step at all."""
    if isinstance(part, SequenceCall):
        for run in part.runs:
            if name in run.signals:
                yield run.in_input_order(name), _within(run.lengths, len(run.h))
    elif name in part.signals:
        yield part.signals[name], part.there()


def _within(lengths: Tensor | None, steps: int) -> Tensor | None:
    if lengths is None:
        return None
    return torch.arange(steps, device=lengths.device)[:, None] < lengths
