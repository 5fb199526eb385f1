r"""The backward pass through time, from a recording alone.

With the gates recorded, :math:`\partial L/\partial h_t` obeys a linear recursion: one small
matrix product a step, and no autograd graph. The rest is element-wise and is prepared for
all steps at once. All gradients are *total* derivatives: what the loss would change by if the
state were nudged at that step and everything later followed.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from core.recording.elementwise import elementwise, tanh
from core.recording.recover import Signals
from core.recording.weights import Weights


class Gradients(NamedTuple):
    """What the backward pass of one layer and direction gives, each (time, batch, ...).

    hidden, cell: total derivatives of the loss (cell is None where there is no cell state).
    recurrent_rows: derivative for U h_{t-1} + b_h, all gate rows: with h_{t-1} this is each
    step's share of the gradient of U.
    input: derivative for what the layer read, None unless it was asked for.
    """

    hidden: Tensor
    cell: Tensor | None
    recurrent_rows: Tensor
    input: Tensor | None


def backpropagate(
    weights: Weights,
    signals: Signals,
    h_previous: Tensor,
    c_previous: Tensor | None,
    direct_hidden: Tensor,
    direct_cell: Tensor | None = None,
    *,
    below: bool = True,
) -> Gradients:
    """Total gradients from the direct ones, which are overwritten with them.

    ``direct_hidden`` (time, batch, outputs) is what the loss says of each h_t on its own,
    not by way of later states; ``direct_cell`` likewise for the c_t of an LSTM. ``below``
    asks for the derivative for what the layer read.
    """
    if weights.kind == "lstm":
        local = local_factors(weights, signals, c_previous)
        rows = _lstm(weights, local, signals["forget_gate"], direct_hidden, direct_cell)
        return Gradients(direct_hidden, direct_cell, rows, rows @ weights.W if below else None)
    local = local_factors(weights, signals, h_previous)
    rows = _one_state(weights, local, signals.get("update_gate"), direct_hidden)
    input_rows = _by_gate(local.input, weights) * direct_hidden.unsqueeze(-2) if below else None
    return Gradients(
        direct_hidden, None, rows, input_rows.flatten(-2) @ weights.W if below else None
    )


def _one_state(
    weights: Weights, local: LocalFactors, update: Tensor | None, total: Tensor
) -> Tensor:
    """Make the direct gradients in ``total`` total ones; the gate rows of an Elman cell or GRU."""
    rows = torch.empty_like(local.recurrent)
    flow, through_gate = torch.zeros_like(total[0]), torch.empty_like(total[0])
    (multiply, add, *_), (dh, later, kept) = elementwise(total, flow, through_gate)
    _, (d_rows, factors) = elementwise(_by_gate(rows, weights), _by_gate(local.recurrent, weights))
    z = None if update is None else elementwise(update)[1][0]
    for t, row in reversed(list(enumerate(rows.unbind()))):
        add(dh[t], later, dh[t])
        multiply(factors[t], dh[t][:, None], d_rows[t])
        torch.mm(row, weights.U, out=flow)  # into the memory of ``later``
        if z is not None:
            multiply(dh[t], z[t], kept)
            add(later, kept, later)
    return rows


def _lstm(
    weights: Weights, local: LocalFactors, forget: Tensor, total_h: Tensor, total_c: Tensor
) -> Tensor:
    """Make the direct gradients in ``total_h`` and ``total_c`` total ones; the gate rows."""
    rows = total_c.new_empty(*total_c.shape[:2], 4 * weights.units)
    d_gates = _by_gate(rows, weights)
    flow, inner = torch.zeros_like(total_h[0]), torch.empty_like(total_c[0])
    (multiply, add, *_), (dh, dc, later, f) = elementwise(total_h, total_c, flow, forget)
    _, (by_output, by_cell) = elementwise(d_gates[..., 3, :], d_gates[..., :3, :])
    _, (to_output, to_gates, to_cell) = elementwise(
        local.recurrent, local.input, local.cell_by_hidden
    )
    _, (later_c, within, unprojected) = elementwise(
        torch.zeros_like(inner), torch.empty_like(inner), inner
    )
    for t, row in reversed(list(enumerate(rows.unbind()))):
        dh_t, dc_t = dh[t], dc[t]
        add(dh_t, later, dh_t)
        if weights.P is not None:
            torch.mm(total_h[t], weights.P, out=inner)
            dh_t = unprojected
        multiply(dh_t, to_cell[t], within)
        add(dc_t, later_c, dc_t)
        add(dc_t, within, dc_t)
        multiply(to_gates[t], dc_t[:, None], by_cell[t])
        multiply(to_output[t], dh_t, by_output[t])
        torch.mm(row, weights.U, out=flow)  # into the memory of ``later``
        multiply(dc_t, f[t], later_c)
    return rows


def _by_gate(rows: Tensor, weights: Weights) -> Tensor:
    """(..., gates x units) seen as (..., gates, units)."""
    return rows.unflatten(-1, (-1, weights.units))


class LocalFactors(NamedTuple):
    """Element-wise derivatives within one step, prepared for all steps.

    LSTM: ``input`` (time, batch, 3, units) is what dL/dc_t is multiplied by for the rows of
    i, f, g; ``recurrent`` what dL/dh_t is for the rows of o; ``cell_by_hidden`` is dh_t/dc_t.
    Others: what dL/dh_t is multiplied by, gate rows side by side, for W x and for U h.
    """

    input: Tensor
    recurrent: Tensor
    cell_by_hidden: Tensor | None = None


def local_factors(weights: Weights, signals: Signals, previous: Tensor) -> LocalFactors:
    """``previous`` is c_{t-1} for an LSTM and h_{t-1} for the others."""
    if weights.kind == "lstm":
        i, f = signals["input_gate"], signals["forget_gate"]
        g, o = signals["candidate"], signals["output_gate"]
        tanh_c = tanh(signals["cell"])
        by_cell = torch.stack((g * i * (1 - i), previous * f * (1 - f), i * (1 - g * g)), dim=-2)
        return LocalFactors(by_cell, tanh_c * o * (1 - o), o * (1 - tanh_c * tanh_c))
    if weights.kind == "gru":
        r, z, n = signals["reset_gate"], signals["update_gate"], signals["candidate"]
        by_n = (1 - z) * (1 - n * n)
        by_z = (previous - n) * z * (1 - z)
        by_r = by_n * signals["_recurrent"] * r * (1 - r)
        return LocalFactors(
            torch.cat((by_r, by_z, by_n), dim=-1), torch.cat((by_r, by_z, by_n * r), dim=-1)
        )
    h = signals["hidden"]
    slope = (h > 0).to(h.dtype) if weights.activation == "relu" else 1 - h * h
    return LocalFactors(slope, slope)


def weight_norms(rows: Tensor, h_previous: Tensor) -> Tensor:
    r"""How much each step adds to the gradient of U: :math:`\|\sum_b \delta_{tb} h_{t-1,b}^T\|_F`.

    ``rows`` (time, batch, gate rows) and ``h_previous`` (time, batch, outputs) to (time,).
    By Gram matrices, so the product of that size itself is never formed.
    """
    by_rows = rows @ rows.transpose(1, 2)
    by_states = h_previous @ h_previous.transpose(1, 2)
    return (by_rows * by_states).sum(dim=(1, 2)).clamp_min(0).sqrt()
