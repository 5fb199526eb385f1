"""The loop over time: one cell applied to a whole sequence."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from core.cells import Cell, State, Step


class Unrolled(NamedTuple):
    """A cell over a sequence.

    outputs: (time, batch, features), in the order of the inputs, also when read in reverse.
    state: the state after the last step that was read.
    steps: every ``Step``, in the order of the inputs.
    """

    outputs: Tensor
    state: State
    steps: list[Step]


def unroll(
    cell: Cell, inputs: Tensor, state: State | None = None, *, reverse: bool = False
) -> Unrolled:
    """Apply ``cell`` to ``inputs`` (time, batch, features), the same weights at every step.

    ``state`` defaults to zeros. With ``reverse`` the sequence is read from its end.
    Raises ValueError unless the inputs have three dimensions and at least one step.
    """
    if inputs.dim() != 3 or inputs.shape[0] == 0:
        raise ValueError(
            f"inputs have shape {tuple(inputs.shape)}; expected (time, batch, features) with at "
            "least one step. Add the missing dimension, for example with inputs.unsqueeze(1)."
        )
    state = cell.initial_state(inputs.shape[1]) if state is None else state
    steps: list[Step] = []
    for x in inputs.flip(0) if reverse else inputs:
        step = cell(x, state)
        state = step.state
        steps.append(step)
    if reverse:
        steps.reverse()
    return Unrolled(torch.stack([step.output for step in steps]), state, steps)
