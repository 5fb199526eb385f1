"""The long short-term memory cell."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")  # torch's order of rows


def lstm_reads(gates: tuple[str, ...]) -> Reads:
    """What an LSTM with these gates computes from what; one that is left out has no arrow."""
    outside = (Read(INPUT, "W"), Read("hidden", "U", back=1))
    into_cell = (Read(gate) for gate in gates if gate != "output_gate")
    out_of_cell = (Read(gate) for gate in gates if gate == "output_gate")
    return dict.fromkeys(gates, outside) | {
        "cell": (*into_cell, Read("cell", back=1)),
        "hidden": (*out_of_cell, Read("cell")),
    }


class LSTMCell(Cell):
    r"""Long short-term memory, with forget gate and without peepholes.

    .. math::
        i_t &= \sigma(W_i x_t + U_i h_{t-1} + b_i) \\
        f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f) \\
        g_t &= \tanh(W_g x_t + U_g h_{t-1} + b_g) \\
        o_t &= \sigma(W_o x_t + U_o h_{t-1} + b_o) \\
        c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\
        h_t &= o_t \odot \tanh(c_t)

    ``weight_ih`` (4 hidden, input) stacks W_i, W_f, W_g, W_o; ``weight_hh`` and the two
    biases (each b is their sum) likewise, as in ``torch.nn.LSTMCell``.

    Raises ValueError for a size below 1.
    Source: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997); forget gate:
    F. Gers, J. Schmidhuber and F. Cummins, Neural Computation 12 (2000).
    """

    kind = "lstm"
    state_names = ("hidden", "cell")
    reads: ClassVar[Reads] = lstm_reads(GATES)

    def __init__(self, input_size: int, hidden_size: int, *, bias: bool = True) -> None:
        super().__init__(input_size, hidden_size)
        self._add_weights(4, hidden_size, bias)
        self.reset_parameters()

    def forward(self, x: Tensor, state: State) -> Step:
        h_previous, c_previous = state
        from_input = x @ self.weight_ih.T
        from_recurrent = h_previous @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        a_i, a_f, a_g, a_o = (from_input + from_recurrent + bias).chunk(4, dim=-1)

        i = torch.sigmoid(a_i)
        f = torch.sigmoid(a_f)
        g = torch.tanh(a_g)
        o = torch.sigmoid(a_o)
        c = f * c_previous + i * g
        h = o * torch.tanh(c)

        signals = named_parts(GATES, "from_input", from_input)
        signals |= named_parts(GATES, "from_recurrent", from_recurrent)
        signals |= named_parts(GATES, "bias", bias)
        signals |= dict(zip((f"{gate}_preactivation" for gate in GATES), (a_i, a_f, a_g, a_o)))
        signals |= {"input_gate": i, "forget_gate": f, "candidate": g, "output_gate": o}
        signals |= {"cell": c, "hidden": h, "output": h}
        return Step(h, (h, c), signals)


def named_parts(gates: tuple[str, ...], part: str, stacked: Tensor) -> dict[str, Tensor]:
    """The rows of ``stacked`` that belong to each gate, named ``{gate}_{part}``."""
    pieces = stacked.chunk(len(gates), dim=-1)
    return {f"{gate}_{part}": piece for gate, piece in zip(gates, pieces)}
