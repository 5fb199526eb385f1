r"""How each step depends on the one before it: :math:`\partial s_t/\partial s_{t-1}`.

For the Elman, LSTM and GRU cells the recorded gates give these derivatives in closed form, all
steps at once. Any other cell is differentiated by ``torch.func`` at its recorded states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, cast

import torch
from torch import Tensor

from core.cells.lstm_family import LSTMVariant
from core.gradients.any_cell import step_jacobians
from core.gradients.runs import Run
from core.recording.backpropagate import LocalFactors, local_factors
from core.recording.weights import Weights

# One tensor (batch, rows, size) for each part of the state: any number of gradients at once.
Flow = tuple[Tensor, ...]


class StepDerivatives(Protocol):
    """Carries gradients back through one step; steps count in reading order.

    ``sizes``: the width of each part of the state.
    """

    sizes: tuple[int, ...]

    def total(self, k: int, flow: Flow) -> Flow:
        """From derivatives for s_k with its parts held apart to total ones.

        They differ for c_k alone: its total derivative counts its way through h_k too.
        """

    def pull(self, k: int, flow: Flow, total: Flow) -> Flow:
        r"""Derivatives for s_k to derivatives for s_{k-1}: times
        :math:`\partial s_k/\partial s_{k-1}`. ``total`` is ``total(k, flow)``."""

    def to_input(self, k: int, flow: Flow, total: Flow) -> Tensor:
        """Derivatives for s_k to derivatives for x_k (batch, rows, features)."""


@dataclass
class MatrixDerivatives:
    r"""Any cell: the Jacobians as matrices, ``by_state`` (time, batch, S, S).

    ``by_input`` makes those for x (time, batch, S, features) when they are first needed.
    ``hidden_by_cell`` is the diagonal of :math:`\partial h_t/\partial c_t` (time, batch, units).
    """

    sizes: tuple[int, ...]
    by_state: Tensor
    by_input: Callable[[], Tensor]
    hidden_by_cell: Tensor | None = None

    def total(self, k: int, flow: Flow) -> Flow:
        if self.hidden_by_cell is None:
            return flow
        h, c = flow
        return h, torch.addcmul(c, h, self.hidden_by_cell[k, :, None])

    def pull(self, k: int, flow: Flow, total: Flow) -> Flow:
        joined = flow[0] if len(flow) == 1 else torch.cat(flow, dim=-1)
        return (joined @ self.by_state[k]).split(self.sizes, dim=-1)

    def to_input(self, k: int, flow: Flow, total: Flow) -> Tensor:
        return torch.cat(flow, dim=-1) @ self._input_matrices[k]

    @cached_property
    def _input_matrices(self) -> Tensor:
        return self.by_input()


class LSTMDerivatives:
    r"""The LSTM, whose cell state is carried on unit by unit.

    With the total :math:`\lambda_c = \partial L/\partial c_t` and
    :math:`\lambda_h = \partial L/\partial h_t`, and the local factors
    :math:`\iota, \varphi, \gamma = \partial c/\partial a_{i,f,g}`,
    :math:`\omega = \partial h/\partial a_o`:

    .. math::
        \frac{\partial L}{\partial h_{t-1}} &= \lambda_c M_t + (\lambda_h \odot \omega) U_o,
        \quad M_t = \mathrm{diag}(\iota) U_i + \mathrm{diag}(\varphi) U_f
                    + \mathrm{diag}(\gamma) U_g \\
        \frac{\partial L}{\partial c_{t-1}} &= \lambda_c \odot f_t
        \quad (h_{t-1} \text{ held})
    """

    def __init__(self, run: Run) -> None:
        units = run.cell.hidden_size
        self.sizes: tuple[int, ...] = (units, units)
        self._factors = closed_factors(run)
        self._by_input, self._by_output = run.weights["weight_ih"].split([3 * units, units])
        by_written, self._by_read = run.weights["weight_hh"].split([3 * units, units])
        # lists of steps, since taking a step out of a tensor costs as much as using it
        self._written = _mix(self._factors.input, by_written).unbind()
        self._read = self._factors.recurrent.unsqueeze(2).unbind()
        self._hidden_by_cell = hidden_by_cell(run).unsqueeze(2).unbind()
        self._forget = run["forget_gate"].unsqueeze(2).unbind()

    def total(self, k: int, flow: Flow) -> Flow:
        h, c = flow
        return h, torch.addcmul(c, h, self._hidden_by_cell[k])

    def pull(self, k: int, flow: Flow, total: Flow) -> Flow:
        h, c = total
        through_output = (h * self._read[k]) @ self._by_read
        return torch.baddbmm(through_output, c, self._written[k]), c * self._forget[k]

    def to_input(self, k: int, flow: Flow, total: Flow) -> Tensor:
        h, c = total
        through_output = (h * self._read[k]) @ self._by_output
        return torch.baddbmm(through_output, c, self._written_by_input[k])

    @cached_property
    def _written_by_input(self) -> tuple[Tensor, ...]:
        return _mix(self._factors.input, self._by_input).unbind()


def differentiate(run: Run) -> StepDerivatives:
    """The derivatives of every step of ``run``.

    Raises ValueError for a cell without a closed form in a recording without ``parts=True``.
    """
    kind = run.cell.kind
    if kind == "lstm":
        return LSTMDerivatives(run)
    if has_closed_form(run):
        factors = closed_factors(run)
        gates = len(run.gates)
        by_state = _mix(_by_gate(factors.recurrent, gates), run.weights["weight_hh"])
        if kind == "gru":
            by_state.diagonal(dim1=-2, dim2=-1).add_(run["update_gate"])
        return MatrixDerivatives(
            (run.cell.hidden_size,),
            by_state,
            lambda: _mix(_by_gate(factors.input, gates), run.weights["weight_ih"]),
        )
    by_state, by_input_part = step_jacobians(run)
    return MatrixDerivatives(
        run.cell.state_sizes,
        by_state,
        lambda: by_input_part @ run.weights["weight_ih"],
        hidden_by_cell(run) if "cell" in run.cell.state_names else None,
    )


def hidden_by_cell(run: Run) -> Tensor:
    r"""The diagonal of :math:`\partial h_t/\partial c_t`, (time, batch, units), of any LSTM."""
    o, c = run["output_gate"], run["cell"]
    if run.cell.kind == "lstm":
        return o * (1 - torch.tanh(c) ** 2)
    return cast(LSTMVariant, run.cell).hidden_by_cell(c, o).detach()


def closed_factors(run: Run) -> LocalFactors:
    """``local_factors`` of an Elman, LSTM or GRU run, for every activation of the project."""
    if run.cell.kind == "elman":
        slope = _slope(str(run.cell.activation), run["hidden"])
        return LocalFactors(slope, slope)
    weights = run.weights
    letters = Weights(run.cell.kind, weights["weight_ih"], weights["weight_hh"], None, None)
    names = ("cell", "output_gate", "input_gate", "forget_gate", "candidate")
    if run.cell.kind == "lstm":
        return local_factors(letters, {name: run[name] for name in names}, run.before[1])
    signals = {name: run[name] for name in run.gates}
    recurrent = run.before[0] @ weights["weight_hh"][-run.cell.hidden_size :].T
    if "bias_hh" in weights:
        recurrent = recurrent + weights["bias_hh"][-run.cell.hidden_size :]
    return local_factors(letters, signals | {"_recurrent": recurrent}, run.before[0])


def has_closed_form(run: Run) -> bool:
    """Whether the recorded gates alone give the derivatives of this run's cell."""
    return run.cell.kind in ("elman", "lstm", "gru")


def recurrent_rows(factors: LocalFactors, total: Flow, k: int | None = None) -> Tensor:
    """Total derivatives for s_t to derivatives for U h_{t-1}, all gate rows side by side.

    Of all steps, parts (time, batch, size); or of step k alone, parts (batch, rows, size).
    """
    if k is not None:
        factors = LocalFactors(factors.input[k].unsqueeze(1), factors.recurrent[k].unsqueeze(1))
    if len(total) == 1:
        gates = factors.recurrent.shape[-1] // total[0].shape[-1]
        return (_by_gate(factors.recurrent, gates) * total[0].unsqueeze(-2)).flatten(-2)
    h, c = total
    written = (factors.input * c.unsqueeze(-2)).flatten(-2)
    return torch.cat((written, factors.recurrent * h), dim=-1)


def _slope(activation: str, h: Tensor) -> Tensor:
    """The derivative of an activation, from its value."""
    if activation == "tanh":
        return 1 - h * h
    if activation == "sigmoid":
        return h * (1 - h)
    if activation == "relu":
        return (h > 0).to(h.dtype)
    if activation == "elu":
        return torch.where(h > 0, torch.ones_like(h), h + 1)
    return torch.ones_like(h)


def _by_gate(factors: Tensor, gates: int) -> Tensor:
    return factors.unflatten(-1, (gates, -1))


def _mix(factors: Tensor, weight: Tensor) -> Tensor:
    r""":math:`\sum_\gamma \mathrm{diag}(\phi_{t\gamma}) W_\gamma`, all steps at once.

    factors (time, batch, gates, units), weight (gates x units, columns) to
    (time, batch, units, columns).
    """
    by_gate = weight.unflatten(0, (factors.shape[-2], -1))
    mixed = factors[..., 0, :, None] * by_gate[0]
    for gate in range(1, len(by_gate)):
        mixed.addcmul_(factors[..., gate, :, None], by_gate[gate])
    return mixed
