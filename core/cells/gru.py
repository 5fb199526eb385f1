"""The gated recurrent unit, with the reset gate in either of its two places."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class GRUCell(Cell):
    r"""Gated recurrent unit.

    .. math::
        r_t &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\
        z_t &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\
        n_t &= \tanh(W_n x_t + b_{in} + r_t \odot (U_n h_{t-1} + b_{hn}))
               && \text{reset\_after (torch, cuDNN)} \\
        n_t &= \tanh(W_n x_t + b_{in} + U_n (r_t \odot h_{t-1}) + b_{hn})
               && \text{otherwise (as published)} \\
        h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}

    The update gate follows torch and the first paper: z near 1 *keeps* the old state. Chung et
    al. (2014) and several textbooks use the opposite letter (their z is our 1 - z).
    Parameters are those of ``torch.nn.GRUCell``, rows in the order r, z, n.

    Raises ValueError for a size below 1.
    Source: K. Cho et al., Learning phrase representations, arXiv:1406.1078 (2014);
    J. Chung et al., Empirical evaluation of gated recurrent networks, arXiv:1412.3555 (2014).
    """

    reads: ClassVar[Reads] = {
        "reset_gate": (Read(INPUT, "W"), Read("hidden", "U", back=1)),
        "update_gate": (Read(INPUT, "W"), Read("hidden", "U", back=1)),
        "candidate": (Read(INPUT, "W"), Read("reset_gate"), Read("hidden", "U", back=1)),
        "hidden": (Read("update_gate"), Read("candidate"), Read("hidden", back=1)),
    }

    def __init__(
        self, input_size: int, hidden_size: int, *, bias: bool = True, reset_after: bool = True
    ) -> None:
        super().__init__(input_size, hidden_size)
        self.reset_after = reset_after
        self._add_weights(3, hidden_size, bias)
        self.reset_parameters()

    @property
    def kind(self) -> str:
        return "gru" if self.reset_after else "gru-original"

    def forward(self, x: Tensor, state: State) -> Step:
        (h_previous,) = state
        from_input = x @ self.weight_ih.T
        w_r, w_z, w_n = from_input.chunk(3, dim=-1)
        u_r, u_z, u_n = self.weight_hh.chunk(3)
        b_ir, b_iz, b_in = self._bias("bias_ih", from_input).chunk(3, dim=-1)
        b_hr, b_hz, b_hn = self._bias("bias_hh", from_input).chunk(3, dim=-1)

        h_r, h_z = h_previous @ u_r.T, h_previous @ u_z.T
        a_r, a_z = w_r + h_r + (b_ir + b_hr), w_z + h_z + (b_iz + b_hz)
        r = torch.sigmoid(a_r)
        z = torch.sigmoid(a_z)
        if self.reset_after:
            h_n = h_previous @ u_n.T
            bias_n = {"candidate_bias": b_in, "candidate_recurrent_bias": b_hn}
            a_n = w_n + b_in + r * (h_n + b_hn)
        else:
            h_n = (r * h_previous) @ u_n.T
            bias_n = {"candidate_bias": b_in + b_hn}
            a_n = w_n + h_n + (b_in + b_hn)
        n = torch.tanh(a_n)
        h = (1 - z) * n + z * h_previous

        signals = {
            "reset_gate_from_input": w_r,
            "reset_gate_from_recurrent": h_r,
            "reset_gate_bias": b_ir + b_hr,
            "reset_gate_preactivation": a_r,
            "update_gate_from_input": w_z,
            "update_gate_from_recurrent": h_z,
            "update_gate_bias": b_iz + b_hz,
            "update_gate_preactivation": a_z,
            "candidate_from_input": w_n,
            "candidate_from_recurrent": h_n,
            **bias_n,
            "candidate_preactivation": a_n,
            "reset_gate": r,
            "update_gate": z,
            "candidate": n,
            "hidden": h,
            "output": h,
        }
        return Step(h, (h,), signals)
