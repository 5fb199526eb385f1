"""The minimal gated unit: a GRU whose two gates are one."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from core.cells.lstm import named_parts
from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class MinimalGatedUnit(Cell):
    r"""One gate decides what the candidate sees of the past and how much of it is replaced.

    .. math::
        f_t &= \sigma(W_f x_t + U_f h_{t-1} + b_f) \\
        n_t &= \tanh(W_n x_t + U_n (f_t \odot h_{t-1}) + b_n) \\
        h_t &= (1 - f_t) \odot h_{t-1} + f_t \odot n_t

    Mind the letter: f is called forget gate in the paper, and f near 1 *does* forget, the
    opposite of an LSTM's. ``weight_ih`` (2 hidden, input) stacks W_f, W_n; ``weight_hh`` and
    both biases likewise.

    Raises ValueError for a size below 1.
    Source: G.-B. Zhou et al., Minimal gated unit for recurrent neural networks,
    arXiv:1603.09420 (2016).
    """

    kind = "mgu"
    gates = ("forget_gate", "candidate")
    reads: ClassVar[Reads] = {
        "forget_gate": (Read(INPUT, "W"), Read("hidden", "U", back=1)),
        "candidate": (Read(INPUT, "W"), Read("forget_gate"), Read("hidden", "U", back=1)),
        "hidden": (Read("forget_gate"), Read("candidate"), Read("hidden", back=1)),
    }

    def __init__(self, input_size: int, hidden_size: int, *, bias: bool = True) -> None:
        super().__init__(input_size, hidden_size)
        self._add_weights(2, hidden_size, bias)
        self.reset_parameters()

    def forward(self, x: Tensor, state: State) -> Step:
        (h_previous,) = state
        from_input = x @ self.weight_ih.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        w_f, w_n = from_input.chunk(2, dim=-1)
        u_f, u_n = self.weight_hh.chunk(2)
        b_f, b_n = bias.chunk(2, dim=-1)

        h_f = h_previous @ u_f.T
        a_f = w_f + h_f + b_f
        f = torch.sigmoid(a_f)
        h_n = (f * h_previous) @ u_n.T
        a_n = w_n + h_n + b_n
        n = torch.tanh(a_n)
        h = (1 - f) * h_previous + f * n

        signals = named_parts(self.gates, "from_input", from_input)
        signals |= {"forget_gate_from_recurrent": h_f, "candidate_from_recurrent": h_n}
        signals |= named_parts(self.gates, "bias", bias)
        signals |= {"forget_gate_preactivation": a_f, "candidate_preactivation": a_n}
        signals |= {"forget_gate": f, "candidate": n, "hidden": h, "output": h}
        return Step(h, (h,), signals)
