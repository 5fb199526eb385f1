"""The weights of one layer in one direction, by the letters of the equations."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor, nn

SEQUENCE_KINDS = {nn.LSTM: "lstm", nn.GRU: "gru", nn.RNN: "elman"}
CELL_KINDS = {nn.LSTMCell: "lstm", nn.GRUCell: "gru", nn.RNNCell: "elman"}


class Weights(NamedTuple):
    """Weights of one cell: W reads the input, U the previous state.

    kind: lstm, gru or elman, with torch's order of gate rows.
    W (gates x units, features), U (gates x units, outputs), b_i and b_h (gates x units) or
    None, P (outputs, units) the projection of an LSTM with ``proj_size`` or None.
    """

    kind: str
    W: Tensor
    U: Tensor
    b_i: Tensor | None
    b_h: Tensor | None
    P: Tensor | None = None
    activation: str = "tanh"

    @property
    def units(self) -> int:
        """The number of hidden units."""
        return self.W.shape[0] // {"lstm": 4, "gru": 3, "elman": 1}[self.kind]

    def each(self, change: Callable[[Tensor], Tensor]) -> Weights:
        """The same weights with every tensor changed."""
        return Weights(*(change(part) if isinstance(part, Tensor) else part for part in self))


def layer_weights(module: nn.RNNBase, layer: int, direction: int) -> Weights:
    """The weights of one layer and direction of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``."""
    suffix = f"_l{layer}" + ("_reverse" if direction else "")
    return _weights(module, kind_of(module, SEQUENCE_KINDS), suffix)


def cell_weights(module: nn.RNNCellBase) -> Weights:
    """The weights of an ``nn.RNNCell``, ``nn.LSTMCell`` or ``nn.GRUCell``."""
    return _weights(module, kind_of(module, CELL_KINDS), "")


def kind_of(module: nn.Module, kinds: dict[type, str]) -> str | None:
    """Which of ``kinds`` a module is, subclasses included; None for any other module."""
    return next((kind for cls, kind in kinds.items() if isinstance(module, cls)), None)


def _weights(module: nn.Module, kind: str, suffix: str) -> Weights:
    def own(name: str) -> Tensor:
        return getattr(module, name + suffix).detach()

    biases = (own("bias_ih"), own("bias_hh")) if module.bias else (None, None)
    projected = isinstance(module, nn.RNNBase) and module.proj_size > 0
    return Weights(
        kind,
        own("weight_ih"),
        own("weight_hh"),
        *biases,
        own("weight_hr") if projected else None,
        module.nonlinearity if kind == "elman" else "tanh",
    )
