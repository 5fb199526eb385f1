"""One step of a cell with other weights, unseen by the hooks that watch the cell."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.func import functional_call

from core.cells import Cell, State, Step


class _WithoutHooks(nn.Module):
    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor, state: State) -> Step:
        return self.cell.forward(x, state)


def bare_step(cell: Cell, weights: Mapping[str, Tensor], x: Tensor, state: State) -> Step:
    """``cell(x, state)`` with ``weights`` in the place of its parameters of the same names."""
    named = {f"cell.{name}": value for name, value in weights.items()}
    return functional_call(_WithoutHooks(cell), named, (x, state))


def step_from_parts(
    cell: Cell, weights: Mapping[str, Tensor], from_input: Tensor, state: State
) -> Step:
    """The same from W x instead of x, (batch, gate rows): the identity stands for W."""
    rows = from_input.shape[-1]
    identity = torch.eye(rows, dtype=from_input.dtype, device=from_input.device)
    return bare_step(cell, {**weights, "weight_ih": identity}, from_input, state)
