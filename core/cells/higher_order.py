"""The recurrent cell of higher order: it reads several earlier states, not only the last."""

from __future__ import annotations

import torch
from torch import Tensor

from core.cells.activations import find_activation
from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class HigherOrderCell(Cell):
    r"""A plain recurrent cell with shortcuts through time.

    .. math:: h_t = \phi\Big(W x_t + \sum_{j=1}^{k} U_j h_{t-j} + b\Big)

    W is ``weight_ih``, b is ``bias_ih`` + ``bias_hh``; ``weight_hh`` (hidden, k hidden) stacks
    :math:`U_1, \dots, U_k` side by side; with ``order`` k = 1 this is the Elman cell. The
    state is the last k hidden states, newest first: ``hidden``, ``hidden_2_back``, ... A
    gradient may jump k steps in one product, so it meets fewer of them on its way, which slows
    its decay and does not stop it.

    Raises ValueError for a size or order below 1 or an unknown activation.
    Source: R. Soltani and H. Jiang, Higher order recurrent neural networks,
    arXiv:1605.00064 (2016).
    """

    kind = "higher-order"
    gates = ("hidden",)

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        order: int = 3,
        bias: bool = True,
        activation: str = "tanh",
    ) -> None:
        super().__init__(input_size, hidden_size)
        if order < 1:
            raise ValueError(f"order is {order}; the cell reads at least 1 earlier state.")
        self.order, self.activation = order, activation
        self.state_names = ("hidden", *(f"hidden_{lag}_back" for lag in range(2, order + 1)))
        self._phi = find_activation(activation)
        self._add_weights(1, order * hidden_size, bias)
        self.reset_parameters()

    @property
    def reads(self) -> Reads:
        """The input and the last k hidden states."""
        past = (Read("hidden", f"U{lag}", back=lag) for lag in range(1, self.order + 1))
        return {"hidden": (Read(INPUT, "W"), *past)}

    @property
    def carries(self) -> tuple[tuple[str, int], ...]:
        """The same signal, made 1, 2, ..., k steps ago."""
        return tuple(("hidden", lag) for lag in range(1, self.order + 1))

    def forward(self, x: Tensor, state: State) -> Step:
        from_input = x @ self.weight_ih.T
        from_recurrent = torch.cat(state, dim=-1) @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        a = from_input + from_recurrent + bias
        h = self._phi(a)
        after = (h, *state[:-1])
        signals = {
            "hidden_from_input": from_input,
            "hidden_from_recurrent": from_recurrent,
            "hidden_bias": bias,
            "hidden_preactivation": a,
            **dict(zip(self.state_names, after)),
            "output": h,
        }
        return Step(h, after, signals)
