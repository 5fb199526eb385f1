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

from core.recording.recover import Signals
from core.recording.weights import Weights


class Gradients(NamedTuple):
    """What the backward pass of one layer and direction gives, each (time, batch, ...).

    hidden, cell: total derivatives of the loss (cell is None where there is no cell state).
    input: derivative for what the layer read.
    recurrent_rows: derivative for U h_{t-1} + b_h, all gate rows: with h_{t-1} this is each
    step's share of the gradient of U.
    """

    hidden: Tensor
    cell: Tensor | None
    input: Tensor
    recurrent_rows: Tensor


def backpropagate(
    weights: Weights,
    signals: Signals,
    h_previous: Tensor,
    c_previous: Tensor | None,
    direct_hidden: Tensor,
    direct_cell: Tensor | None = None,
) -> Gradients:
    """Total gradients from the direct ones.

    ``direct_hidden`` (time, batch, outputs) is what the loss says of each h_t on its own,
    not by way of later states; ``direct_cell`` likewise for c_t.
    """
    if weights.kind == "lstm":
        return _lstm(weights, signals, c_previous, direct_hidden, direct_cell)
    local = local_factors(weights, signals, h_previous)
    carry = signals.get("update_gate")
    total = torch.empty_like(direct_hidden)
    rows = torch.empty_like(local.recurrent)
    flow = torch.zeros_like(direct_hidden[0])
    gates = rows.shape[-1] // weights.units
    factors = local.recurrent.unflatten(-1, (gates, -1))
    split_rows = rows.unflatten(-1, (gates, -1))
    for t in range(len(total) - 1, -1, -1):
        dh = torch.add(direct_hidden[t], flow, out=total[t])
        torch.mul(factors[t], dh.unsqueeze(-2), out=split_rows[t])
        flow = rows[t] @ weights.U
        if carry is not None:
            flow.addcmul_(dh, carry[t])
    input_rows = (local.input.unflatten(-1, (gates, -1)) * total.unsqueeze(-2)).flatten(-2)
    return Gradients(total, None, input_rows @ weights.W, rows)


def _lstm(
    weights: Weights,
    signals: Signals,
    c_previous: Tensor,
    direct_hidden: Tensor,
    direct_cell: Tensor | None,
) -> Gradients:
    local = local_factors(weights, signals, c_previous)
    forget, units = signals["forget_gate"], weights.units
    total_h, total_c = torch.empty_like(direct_hidden), torch.empty_like(forget)
    rows = forget.new_empty(*forget.shape[:-1], 4 * units)
    by_gate = rows.unflatten(-1, (4, units))
    by_cell, by_output = by_gate[..., :3, :], by_gate[..., 3, :]
    flow_h, flow_c = torch.zeros_like(direct_hidden[0]), torch.zeros_like(forget[0])
    for t in range(len(total_h) - 1, -1, -1):
        dh = torch.add(direct_hidden[t], flow_h, out=total_h[t])
        if weights.P is not None:
            dh = dh @ weights.P
        if direct_cell is not None:
            flow_c = flow_c + direct_cell[t]
        dc = torch.addcmul(flow_c, dh, local.cell_by_hidden[t], out=total_c[t])
        torch.mul(local.input[t], dc.unsqueeze(-2), out=by_cell[t])
        torch.mul(local.recurrent[t], dh, out=by_output[t])
        flow_h = rows[t] @ weights.U
        flow_c = dc * forget[t]
    return Gradients(total_h, total_c, rows @ weights.W, rows)


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
        tanh_c = torch.tanh(signals["cell"])
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
