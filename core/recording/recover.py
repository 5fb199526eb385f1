r"""From inputs and states back to everything a fused kernel computed on its way.

A fused kernel returns :math:`h_t` and keeps its gates to itself. But the gates of *all*
steps depend only on :math:`x_t` and :math:`h_{t-1}`, both known once the kernel has run, so
one matrix product gives them all, and :math:`c_t` follows by an element-wise scan.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.cells import Cell, make_cell
from core.recording.elementwise import elementwise, tanh
from core.recording.signals import PARTS
from core.recording.weights import Weights

Signals = dict[str, Tensor]


def recover_gates(weights: Weights, x: Tensor, h_previous: Tensor) -> Signals:
    """Every gate of every step from ``x`` (time, batch, features) and the states before it.

    LSTM: input_gate, forget_gate, candidate, output_gate. GRU: reset_gate, update_gate,
    candidate, and ``_recurrent`` (U_n h + b_hn), which its gradient needs.
    Elman: nothing; its hidden state is all there is.
    """
    if weights.kind == "lstm":
        a = stacked_preactivations(weights, x, h_previous)
        g = tanh(a.chunk(4, dim=-1)[2])
        i, f, _, o = a.sigmoid_().chunk(4, dim=-1)
        return {"input_gate": i, "forget_gate": f, "candidate": g, "output_gate": o}
    if weights.kind == "gru":
        units = weights.units
        from_input = _linear(x, weights.W, weights.b_i)
        from_hidden = _linear(h_previous, weights.U, weights.b_h)
        gates = torch.sigmoid(from_input[..., : 2 * units] + from_hidden[..., : 2 * units])
        r, z = gates.chunk(2, dim=-1)
        recurrent = from_hidden[..., 2 * units :]
        n = tanh(torch.addcmul(from_input[..., 2 * units :], r, recurrent))
        return {"reset_gate": r, "update_gate": z, "candidate": n, "_recurrent": recurrent}
    return {}


def recover_hidden(
    weights: Weights, x: Tensor, h_previous: Tensor, signals: Signals, steps: slice = slice(None)
) -> Tensor:
    """What the state after each of ``steps`` must be, given everything recorded: the proof."""
    if weights.kind == "lstm":
        ops, (c, o) = elementwise(signals["cell"][steps], signals["output_gate"][steps])
        h = torch.as_tensor(o * ops.tanh(c))
        return h if weights.P is None else h @ weights.P.T
    if weights.kind == "gru":
        n, z = signals["candidate"][steps], signals["update_gate"][steps]
        return torch.lerp(n, h_previous[steps], z)
    a = stacked_preactivations(weights, x[steps], h_previous[steps])
    return a.relu_() if weights.activation == "relu" else tanh(a)


def scan_cell_state(signals: Signals, cells: Tensor) -> None:
    r""":math:`c_t = f_t \odot c_{t-1} + i_t \odot g_t` for all t.

    ``cells`` (time + 1, batch, units) holds the initial state first and is filled in.
    """
    torch.mul(signals["input_gate"], signals["candidate"], out=cells[1:])
    kept = torch.empty_like(cells[0])
    (multiply, add, *_), (forget, c, kept) = elementwise(signals["forget_gate"], cells, kept)
    for f_t, c_previous, c_t in zip(forget, c, c[1:]):
        multiply(f_t, c_previous, kept)
        add(c_t, kept, c_t)


def recover_parts(weights: Weights, x: Tensor, previous: tuple[Tensor, ...]) -> Signals:
    """Every named part of every pre-activation, from the open cell with the same weights.

    One step of a cell takes a batch; the steps of a recording *are* a batch once the states
    before them are known, so the open cell is called once for all of them.
    Raises ValueError for an LSTM with projections, which the open cell does not have.
    """
    if weights.P is not None:
        raise ValueError(
            "parts=True splits the pre-activations with the open cell, which has no "
            "projection; record an LSTM with proj_size without parts=True."
        )
    cell = open_cell(weights)
    flat = [tensor.reshape(-1, tensor.shape[-1]) for tensor in (x, *previous)]
    with torch.no_grad():
        signals = cell(flat[0], tuple(flat[1:])).signals
    return {
        name: value.reshape(*x.shape[:2], -1)
        for name, value in signals.items()
        if name.endswith(PARTS)
    }


def open_cell(weights: Weights) -> Cell:
    """The project's own cell, holding exactly these weights."""
    options = {"activation": weights.activation} if weights.kind == "elman" else {}
    bias = weights.b_i is not None
    cell = make_cell(weights.kind, weights.W.shape[1], weights.units, bias=bias, **options)
    names = {"weight_ih": weights.W, "weight_hh": weights.U}
    if bias:
        names |= {"bias_ih": weights.b_i, "bias_hh": weights.b_h}
    for name, value in names.items():
        setattr(cell, name, torch.nn.Parameter(value, requires_grad=False))
    return cell


def stacked_preactivations(weights: Weights, x: Tensor, h_previous: Tensor) -> Tensor:
    """W x + U h + b for every step, all gates side by side: (time, batch, gates x units)."""
    bias = None if weights.b_i is None else weights.b_i + weights.b_h
    from_input = _linear(x, weights.W, bias)
    rows = h_previous.reshape(-1, h_previous.shape[-1])
    from_input.view(len(rows), -1).addmm_(rows, weights.U.T)
    return from_input


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return torch.nn.functional.linear(x, weight, bias)
