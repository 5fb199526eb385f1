"""The Jordan cell: the output, not the hidden state, is fed back."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from core.cells.activations import OUTPUT_ACTIVATIONS, find_activation
from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class JordanCell(Cell):
    r"""A recurrent cell whose *output* is fed back.

    .. math::
        h_t = \phi(W x_t + U y_{t-1} + b) \qquad
        y_t = \psi(V h_t + b_y)

    W is ``weight_ih`` (hidden, input), U is ``weight_hh`` (hidden, output), b is ``bias_ih`` +
    ``bias_hh``; V is ``weight_ho`` (output, hidden), b_y is ``bias_ho``. The only thing carried
    from step to step is :math:`y_t`, so what the output does not say is forgotten. :math:`\psi`
    may also be softmax, which feeds back the very probabilities that the network predicts.

    Raises ValueError for a size below 1 or an unknown activation.
    Source: M. I. Jordan, Serial order, ICS Report 8604, UC San Diego (1986).
    """

    kind = "jordan"
    state_names = ("output",)
    reads: ClassVar[Reads] = {
        "hidden": (Read(INPUT, "W"), Read("output", "U", back=1)),
        "output": (Read("hidden", "V"),),
    }

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int | None = None,
        *,
        bias: bool = True,
        activation: str = "tanh",
        output_activation: str = "identity",
    ) -> None:
        super().__init__(input_size, hidden_size)
        self._output_size = hidden_size if output_size is None else output_size
        if self._output_size < 1:
            raise ValueError(f"output_size is {output_size}; a cell needs at least 1.")
        self.activation, self.output_activation = activation, output_activation
        self._phi = find_activation(activation)
        self._psi = find_activation(output_activation, OUTPUT_ACTIVATIONS)
        self._add_weights(1, self._output_size, bias)
        self.weight_ho = nn.Parameter(torch.empty(self._output_size, hidden_size))
        self.bias_ho = nn.Parameter(torch.empty(self._output_size)) if bias else None
        self.reset_parameters()

    @property
    def output_size(self) -> int:
        return self._output_size

    @property
    def state_sizes(self) -> tuple[int, ...]:
        return (self._output_size,)

    def forward(self, x: Tensor, state: State) -> Step:
        (y_previous,) = state
        from_input = x @ self.weight_ih.T
        from_recurrent = y_previous @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        a = from_input + from_recurrent + bias
        h = self._phi(a)
        from_hidden = h @ self.weight_ho.T
        output_bias = self._bias("bias_ho", from_hidden)
        logits = from_hidden + output_bias
        y = self._psi(logits)
        signals = {
            "hidden_from_input": from_input,
            "hidden_from_recurrent": from_recurrent,
            "hidden_bias": bias,
            "hidden_preactivation": a,
            "hidden": h,
            "output_from_hidden": from_hidden,
            "output_bias": output_bias,
            "output_preactivation": logits,
            "output": y,
        }
        return Step(y, (y,), signals)
