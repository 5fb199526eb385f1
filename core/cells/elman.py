"""The Elman cell: the hidden state is fed back."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from core.cells.activations import find_activation
from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class ElmanCell(Cell):
    r"""The plain recurrent cell; its hidden state is fed back.

    .. math:: h_t = \phi(W x_t + U h_{t-1} + b)

    W is ``weight_ih`` (hidden, input), U is ``weight_hh`` (hidden, hidden), and b is the sum of
    ``bias_ih`` and ``bias_hh``, all as in ``torch.nn.RNNCell``. ``activation`` is tanh, relu,
    sigmoid, elu or identity; torch has the first two.

    Raises ValueError for a size below 1 or an unknown activation.
    Source: J. L. Elman, Finding structure in time, Cognitive Science 14 (1990).
    """

    kind = "elman"
    reads: ClassVar[Reads] = {"hidden": (Read(INPUT, "W"), Read("hidden", "U", back=1))}

    def __init__(
        self, input_size: int, hidden_size: int, *, bias: bool = True, activation: str = "tanh"
    ) -> None:
        super().__init__(input_size, hidden_size)
        self.activation = activation
        self._phi = find_activation(activation)
        self._add_weights(1, hidden_size, bias)
        self.reset_parameters()

    def forward(self, x: Tensor, state: State) -> Step:
        (h_previous,) = state
        from_input = x @ self.weight_ih.T
        from_recurrent = h_previous @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        a = from_input + from_recurrent + bias
        h = self._phi(a)
        signals = {
            "hidden_from_input": from_input,
            "hidden_from_recurrent": from_recurrent,
            "hidden_bias": bias,
            "hidden_preactivation": a,
            "hidden": h,
            "output": h,
        }
        return Step(h, (h,), signals)
