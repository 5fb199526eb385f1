"""How a recurrent network begins: starts by name, the same ones for every cell they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.cells import Cell
from core.cells.lstm import GATES as LSTM_GATES
from core.networks.recurrent import TORCH_KINDS, Recurrent

STARTS = ("torch", "orthogonal", "identity", "forget-bias-1", "chrono")
MEMORIES = (2.0, 100.0)  # steps
GRU_GATES = ("reset_gate", "update_gate", "candidate")
TORCH_GATES = {"lstm": LSTM_GATES, "gru": GRU_GATES, "gru-original": GRU_GATES}
# Which gate keeps the old state, and whether it does so when open (+1) or when closed (-1).
KEEPERS = {
    "gru": ("update_gate", 1),
    "gru-original": ("update_gate", 1),
    "mgu": ("forget_gate", -1),
    "lstm-cifg": ("input_gate", -1),
}


@dataclass(frozen=True)
class _Layer:
    """The weights of one cell by their plain names, and the gates in the order of the rows."""

    kind: str
    gates: tuple[str, ...]
    weights: dict[str, Tensor]

    @property
    def hidden(self) -> int:
        return len(self.weights["weight_ih"]) // max(1, len(self.gates))


@torch.no_grad()
def begin(network: nn.Module, start: str, *, memories: tuple[float, float] = MEMORIES) -> None:
    r"""Give the weights of ``network`` the start of this name, in every layer and direction.

    network: ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, a ``Recurrent`` or one of its cells. Random
    numbers are torch's; seed them for a start that can be repeated.

    - ``torch``: as the weights are, which torch draws from
      :math:`U(-1/\sqrt n, 1/\sqrt n)` with n units.
    - ``orthogonal``: every recurrent block has orthonormal rows, :math:`U U^\top = I`, so that
      its singular values are 1; input weights uniform after Glorot; biases 0. Of a cell that
      reads k earlier states the rows of all k matrices side by side are orthonormal.
    - ``identity``: :math:`U = I` instead (of k matrices the first; the others 0). Cells without
      gates only. The source has ReLUs and far smaller input weights.
    - ``forget-bias-1``: the gate that keeps the old state begins at :math:`\sigma(1) = 0.73`
      whatever it reads; the rest stays torch's.
    - ``chrono``: memories of many lengths, :math:`m \sim U(\text{memories})` steps,
      :math:`b_f = \log(m - 1)` and so :math:`\sigma(b_f) = 1 - 1/m`; an input gate beside it,
      or alone, begins at :math:`b_i = -b_f`. The rest stays torch's.

    ReLU gates are given the same *values*, not the same biases.
    Raises ValueError for a start that is not known or does not fit the cell, and for memories
    that are not 1 < shortest <= longest; TypeError for another network.
    Sources: A. Saxe et al., arXiv:1312.6120 (2013); Q. V. Le et al., arXiv:1504.00941 (2015);
    R. Jozefowicz et al., ICML (2015); C. Tallec and Y. Ollivier, arXiv:1804.11188 (2018).
    """
    shortest, longest = memories
    if not 1 < shortest <= longest:
        raise ValueError(f"memories are {memories}; expected 1 < shortest <= longest, in steps.")
    for layer in _layers(network):
        fitting = starts_of(layer.kind)
        if start not in fitting:
            raise ValueError(
                f"The start {start!r} does not fit the cell {layer.kind!r}; choose one of "
                f"{', '.join(fitting)}."
            )
        if start in ("orthogonal", "identity"):
            _matrices(layer, identity=start == "identity")
        elif start == "forget-bias-1":
            _keep(layer, torch.ones(layer.hidden))
        elif start == "chrono":
            lengths = torch.empty(layer.hidden).uniform_(shortest, longest)
            _keep(layer, (lengths - 1).log(), write_too=True)


def starts_of(kind: str) -> tuple[str, ...]:
    """The starts that make sense for this kind of cell."""
    if kind in ("elman", "jordan", "higher-order"):
        return ("torch", "orthogonal", "identity")
    if kind == "lstm-1997":  # nothing forgets, so only what is written can be small
        return ("torch", "orthogonal", "chrono")
    return ("torch", "orthogonal", "forget-bias-1", "chrono")


def _layers(network: nn.Module) -> Iterator[_Layer]:
    if isinstance(network, Cell):
        yield _layer(network.kind, network, dict(network.named_parameters()))
    elif isinstance(network, Recurrent):
        for _, cell in network.named_cells():
            yield _layer(cell.kind, cell, dict(cell.named_parameters()))
    elif type(network) in TORCH_KINDS:
        kind, weights = TORCH_KINDS[type(network)], dict(network.named_parameters())
        for ending in [name.removeprefix("weight_ih") for name in weights if "_ih" in name]:
            if ending.startswith("_l"):
                ours = {n.removesuffix(ending): w for n, w in weights.items() if n.endswith(ending)}
                yield _layer(kind, network, ours)
    else:
        raise TypeError(
            f"{type(network).__name__} has no start by name; expected nn.RNN, nn.LSTM, nn.GRU, a "
            "Recurrent or one of the project's cells."
        )


def _layer(kind: str, owner: nn.Module, weights: dict[str, Tensor]) -> _Layer:
    return _Layer(kind, TORCH_GATES.get(kind) or getattr(owner, "gates", ()), weights)


def _matrices(layer: _Layer, *, identity: bool) -> None:
    """Recurrent blocks that keep lengths, input weights after Glorot, biases 0."""
    for name, weight in layer.weights.items():
        if name == "weight_ih":
            for block in weight.split(layer.hidden):
                nn.init.xavier_uniform_(block)
        elif name in ("weight_hh", "weight_ho"):
            for block in weight.split(layer.hidden):
                # eye_ puts the identity first and zeros into whatever is beside it
                nn.init.eye_(block) if identity else nn.init.orthogonal_(block)
        elif name.startswith("bias"):
            weight.zero_()


def _keep(layer: _Layer, bias: Tensor, *, write_too: bool = False) -> None:
    """``bias`` for what keeps the old state, and the opposite for what writes, if that is set."""
    keeper, sign = KEEPERS.get(layer.kind, ("forget_gate", 1))
    if keeper in layer.gates:
        _set_bias(layer, keeper, sign * bias)
    if write_too and "input_gate" in layer.gates and keeper != "input_gate":
        _set_bias(layer, "input_gate", -bias)


def _set_bias(layer: _Layer, gate: str, bias: Tensor) -> None:
    """This gate's bias, whole in one of torch's two; the other is 0 there."""
    place = layer.gates.index(gate) * layer.hidden
    rows = slice(place, place + layer.hidden)
    relu = layer.kind == "lstm-relu-gates"
    layer.weights["bias_hh"][rows] = 0
    layer.weights["bias_ih"][rows] = torch.sigmoid(bias) if relu else bias
