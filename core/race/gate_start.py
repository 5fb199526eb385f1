"""How open the gates are before training: memories of many lengths from the start."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.cells.lstm import GATES as LSTM_GATES
from core.networks import Recurrent

GRU_GATES = ("reset_gate", "update_gate", "candidate")
# The gate that keeps the old state when it is open (+1) or when it is closed (-1), by cell.
KEEPER = {"gru": ("update_gate", 1), "gru-original": ("update_gate", 1), "mgu": ("forget_gate", -1)}


@torch.no_grad()
def start_gates(body: nn.Module, cell: str, hidden: int, span: int) -> None:
    r"""Draw the biases so that the units of ``body`` begin with memories of 1 to ``span`` steps.

    .. math:: b_f \sim \log U(1, \text{span} - 1) \qquad b_i = -b_f

    A forget gate of :math:`\sigma(\log m) = m/(m+1)` keeps its state for about m steps; the
    input gate beside it begins as small as what is forgotten. The update gate of a GRU takes
    the part of the forget gate. ReLU gates are given the same *values*, not the same biases.
    A cell without such a gate is left as it is.
    Source: C. Tallec and Y. Ollivier, Can recurrent neural networks warp time?,
    arXiv:1804.11188 (2018).
    """
    gates = gate_order(body, cell)
    keep, sign = KEEPER.get(cell, ("forget_gate", 1))
    if cell == "lstm-cifg":
        keep, sign = "input_gate", -1
    if keep not in gates:
        return
    bias = torch.log(torch.empty(hidden).uniform_(1, span - 1))
    _set_bias(body, cell, gates.index(keep), sign * bias)
    if keep == "forget_gate" and sign > 0 and "input_gate" in gates:
        _set_bias(body, cell, gates.index("input_gate"), -bias)


def gate_order(body: nn.Module, cell: str) -> tuple[str, ...]:
    """The gates of a cell in the order of the rows of its weights."""
    if cell == "lstm":
        return LSTM_GATES
    if cell in ("gru", "gru-original"):
        return GRU_GATES
    return getattr(body.cells[0][0], "gates", ()) if isinstance(body, Recurrent) else ()


def _set_bias(body: nn.Module, cell: str, place: int, bias: Tensor) -> None:
    rows = slice(place * len(bias), (place + 1) * len(bias))
    weights = dict(body.named_parameters())
    weights["bias_ih_l0"][rows] = 0
    weights["bias_hh_l0"][rows] = torch.sigmoid(bias) if cell == "lstm-relu-gates" else bias
