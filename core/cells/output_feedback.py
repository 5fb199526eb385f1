"""Feedback and nothing else: the output is fed back, and there is no hidden layer."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from core.cells.activations import OUTPUT_ACTIVATIONS, find_activation
from core.cells.reads import INPUT, Read, Reads
from core.cells.step import Cell, State, Step


class OutputFeedbackCell(Cell):
    r"""One layer whose output is fed back to itself; no hidden layer lies in between.

    .. math:: O_t = f(W x_t + U O_{t-1} + b)

    The step from the feed-forward layer :math:`O = f(W x + b)` to a recurrent one, often
    written with rows and V for U: :math:`O_t = f(X W + O_{t-1} V + b)`. W is ``weight_ih``
    (outputs, input), U is ``weight_hh`` (outputs, outputs), b is ``bias_ih`` + ``bias_hh``.
    ``hidden_size`` is the number of outputs. f may be softmax: then the very probabilities
    that the network answers with are all that it remembers. :math:`O_t` is recorded as
    ``output``, and as ``hidden`` too, for it is all there is to see.

    It is an Elman cell whose state is shown as the answer, without a read-out; and a Jordan
    cell whose hidden layer has been left out.

    Raises ValueError for a size below 1 or an unknown activation.
    """

    kind = "output-feedback"
    state_names = ("output",)
    gates = ("output",)
    reads: ClassVar[Reads] = {"output": (Read(INPUT, "W"), Read("output", "U", back=1))}

    def __init__(
        self, input_size: int, hidden_size: int, *, bias: bool = True, activation: str = "softmax"
    ) -> None:
        super().__init__(input_size, hidden_size)
        self.activation = activation
        self._f = find_activation(activation, OUTPUT_ACTIVATIONS)
        self._add_weights(1, hidden_size, bias)
        self.reset_parameters()

    def forward(self, x: Tensor, state: State) -> Step:
        (o_previous,) = state
        from_input = x @ self.weight_ih.T
        from_recurrent = o_previous @ self.weight_hh.T
        bias = self._bias("bias_ih", from_input) + self._bias("bias_hh", from_input)
        a = from_input + from_recurrent + bias
        o = self._f(a)
        signals = {
            "output_from_input": from_input,
            "output_from_recurrent": from_recurrent,
            "output_bias": bias,
            "output_preactivation": a,
            "hidden": o,
            "output": o,
        }
        return Step(o, (o,), signals)
