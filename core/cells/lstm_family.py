"""What the variants of the LSTM share."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from core.cells.lstm import GATES, lstm_reads, named_parts
from core.cells.reads import Reads
from core.cells.step import Cell, State, Step


class LSTMVariant(Cell):
    """What the variants share: the pre-activations and the names of the signals.

    ``weight_ih`` (gates x hidden, input) stacks the W of each of ``gates``, in that order;
    ``weight_hh`` and both biases likewise, so a variant with all four gates has the
    parameters of ``torch.nn.LSTMCell``. Raises ValueError for a size below 1.
    """

    state_names = ("hidden", "cell")
    gates: ClassVar[tuple[str, ...]] = GATES
    gate_activation: ClassVar[str] = "sigmoid"
    candidate_activation: ClassVar[str] = "tanh"

    def __init__(self, input_size: int, hidden_size: int, *, bias: bool = True) -> None:
        super().__init__(input_size, hidden_size)
        self._add_weights(len(self.gates), hidden_size, bias)
        self._add_own_weights()
        self.reset_parameters()

    @property
    def reads(self) -> Reads:
        """As in the LSTM, without the gates that are left out."""
        return lstm_reads(self.gates)

    def _add_own_weights(self) -> None:
        """For a variant with weights that the others do not have."""

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        """Gates, candidate, cell and hidden state from the pre-activations ``a``, by gate."""
        raise TypeError(f"{type(self).__name__} does not define its equations.")

    def hidden_by_cell(self, c: Tensor, o: Tensor) -> Tensor:
        r""":math:`\partial h_t / \partial c_t` within one step, element by element."""
        return o * (1 - torch.tanh(c) ** 2)

    def forward(self, x: Tensor, state: State) -> Step:
        h_previous, c_previous = state
        from_input = x @ self.weight_ih.T
        from_recurrent = h_previous @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        stacked = from_input + from_recurrent + bias
        a = dict(zip(self.gates, stacked.chunk(len(self.gates), dim=-1)))
        signals = named_parts(self.gates, "from_input", from_input)
        signals |= named_parts(self.gates, "from_recurrent", from_recurrent)
        signals |= named_parts(self.gates, "bias", bias)
        signals |= self.equations(a, c_previous)
        signals |= {f"{gate}_preactivation": value for gate, value in a.items()}
        signals["output"] = signals["hidden"]
        return Step(signals["hidden"], (signals["hidden"], signals["cell"]), signals)


def by_name(i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor, h: Tensor) -> dict[str, Tensor]:
    """The signals of one step under their names."""
    names = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden")
    return dict(zip(names, (i, f, g, o, c, h)))
