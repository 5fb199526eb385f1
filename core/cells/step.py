"""What one step of a cell returns, and what every cell promises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.cells.reads import Reads

State = tuple[Tensor, ...]


class Step(NamedTuple):
    """One step of a recurrent cell.

    output: what the layer above sees, shape (batch, features).
    state: what the next step is given; one tensor for each of the cell's ``state_names``.
    signals: everything computed on the way, by name, each of shape (batch, features).
    """

    output: Tensor
    state: State
    signals: Mapping[str, Tensor]


class Cell(nn.Module):
    """One step: ``cell(x, state) -> Step``. The loop over time is ``core.networks.unroll``.

    Parameters have torch's names, shapes and gate order, so a ``state_dict`` moves between
    a cell here and its torch counterpart (``nn.LSTMCell`` and friends) unchanged.

    ``reads`` declares what each quantity of a step is computed from, in the order in which a
    step computes them (see ``core.cells.reads``); a cell that declares nothing can be recorded,
    and its arrows are not drawn.
    """

    state_names: tuple[str, ...] = ("hidden",)
    kind: str

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
            if size < 1:
                raise ValueError(f"{name} is {size}; a cell needs at least 1.")
        self.input_size = input_size
        self.hidden_size = hidden_size

    @property
    def output_size(self) -> int:
        """Width of what the layer above sees."""
        return self.hidden_size

    @property
    def state_sizes(self) -> tuple[int, ...]:
        """Width of each tensor of the state."""
        return (self.hidden_size,) * len(self.state_names)

    @property
    def reads(self) -> Reads:
        """What each quantity is computed from; nothing is declared here."""
        return {}

    @property
    def carries(self) -> tuple[tuple[str, int], ...]:
        """What each tensor of the state is: (signal, how many steps ago it was made)."""
        return tuple((name, 1) for name in self.state_names)

    def initial_state(self, batch: int) -> State:
        """Zeros, as torch starts from when no state is given."""
        like = next(self.parameters())
        return tuple(like.new_zeros(batch, size) for size in self.state_sizes)

    def forward(self, x: Tensor, state: State) -> Step:
        """One step from input ``x`` (batch, input_size) and the previous state."""
        raise TypeError(f"{type(self).__name__} does not define a step.")

    def _add_weights(self, gates: int, recurrent_size: int, bias: bool) -> None:
        rows = gates * self.hidden_size
        self.weight_ih = nn.Parameter(torch.empty(rows, self.input_size))
        self.weight_hh = nn.Parameter(torch.empty(rows, recurrent_size))
        self.bias_ih = nn.Parameter(torch.empty(rows)) if bias else None
        self.bias_hh = nn.Parameter(torch.empty(rows)) if bias else None

    def reset_parameters(self) -> None:
        """Uniform in ±1/sqrt(hidden_size), torch's own choice for recurrent modules."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def _bias(self, which: str, like: Tensor) -> Tensor:
        """The named bias over the batch of ``like``; zeros in a cell without biases."""
        bias = getattr(self, which)
        return torch.zeros_like(like) if bias is None else bias.expand_as(like)
