r"""Backpropagation through time as a sum: what each step's copy of the weights contributes.

Unrolled, the network uses the same U at every step. Give every step a copy of its own, and
the gradient for U is the sum of the copies' gradients.
Source: P. Werbos, Backpropagation through time: what it does and how to do it, Proc. IEEE 78
(1990).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from core.gradients.any_cell import copy_gradients, weight_jacobian
from core.gradients.carry_back import AtEveryStep, carry_back, pieces_of
from core.gradients.runs import Run, one_run
from core.gradients.spectrum import identity, jacobian_products
from core.gradients.step_derivatives import (
    StepDerivatives,
    closed_factors,
    differentiate,
    has_closed_form,
    recurrent_rows,
)
from core.recording.backpropagate import LocalFactors
from core.recording.trace import Trace


class Chain(NamedTuple):
    r"""One term, opened: ``output_part @ path`` times ``local`` is the copy's gradient.

    output_part (state,): :math:`\partial L_t/\partial s_t`.
    path (state, state): :math:`\partial s_t/\partial s_k`, the product of the Jacobians.
    local (state, row, column): :math:`\partial s_k/\partial U` with s_{k-1} held.
    """

    output_part: np.ndarray
    path: np.ndarray
    local: np.ndarray


@dataclass(frozen=True)
class WeightGradientTerms:
    """The itemised gradient of the recurrent weights; made by ``weight_gradient_terms``.

    terms: (time, row, column), the gradient of each step's own copy of U; ``lag`` on time
    counts the steps from the copy to the loss.
    """

    terms: xr.DataArray
    _run: Run
    _steps: StepDerivatives
    _last: int
    _output_part: Tensor

    @cached_property
    def gradient(self) -> xr.DataArray:
        """The gradient of U (row, column): the sum over the copies, since all are one matrix."""
        return self.terms.sum("time")

    @cached_property
    def mean(self) -> xr.DataArray:
        """The mean over the copies: the direction of the sum, shorter by their number."""
        return self.terms.mean("time")

    def chain(self, time: int) -> Chain:
        """The chain behind one copy's term; ``time`` is the copy's step, as in ``terms``.

        Raises ValueError for a step that the loss does not look back to.
        """
        if time not in self.terms["time"].values:
            raise ValueError(f"The loss does not look back to step {time}.")
        k = self._run.reading_step(time)
        return Chain(self._output_part.numpy(), self._paths[self._last - k], self._local(k).numpy())

    @cached_property
    def norms(self) -> xr.Dataset:
        r"""How large each factor of each term is, (time,).

        ``term`` and ``local`` are Frobenius norms, ``path`` is the largest singular value of
        :math:`\partial s_t/\partial s_k`, ``output_part`` the norm of
        :math:`\partial L_t/\partial s_t`, the same in all terms. The product of the three
        bounds ``term`` from above.
        """
        reading = [self._run.reading_step(int(time)) for time in self.terms["time"]]
        paths = np.linalg.norm(self._paths, ord=2, axis=(1, 2))
        term = np.sqrt((self.terms**2).sum(("row", "column")))
        variables = {
            "term": term,
            "path": ("time", paths[[self._last - k for k in reading]]),
            "local": ("time", [self._local_norm(k) for k in reading]),
            "output_part": float(self._output_part.norm()),
        }
        return xr.Dataset(variables, coords=self.terms.coords)

    @cached_property
    def _paths(self) -> np.ndarray:
        """ds_t/ds_k for gaps 0, 1, ...: (gap, state, state)."""
        return torch.stack(jacobian_products(self._steps, self._last, None)).numpy()

    def _local(self, k: int) -> Tensor:
        if has_closed_form(self._run):
            return self._rows_by_state(k)[..., None] * self._run.before[0][k, 0]
        return weight_jacobian(self._run, k, 0)

    def _local_norm(self, k: int) -> float:
        if has_closed_form(self._run):
            # each row of U meets the same state, so the norm of the product is one of norms
            return float(self._rows_by_state(k).norm() * self._run.before[0][k, 0].norm())
        return float(self._local(k).norm())

    def _rows_by_state(self, k: int) -> Tensor:
        """ds_k/d(U h_{k-1}): (state, row)."""
        total = self._steps.total(k, identity(self._steps, None))
        return recurrent_rows(self._factors, total, k)[0]

    @cached_property
    def _factors(self) -> LocalFactors:
        return closed_factors(self._run)


def weight_gradient_terms(
    trace: Trace,
    network: nn.Module,
    direct: Tensor,
    *,
    at: int = -1,
    direction: int = 0,
    sequence: int = 0,
) -> WeightGradientTerms:
    r"""The gradient of the loss at step t for the recurrent weights U, one term a step.

    .. math:: \frac{\partial L_t}{\partial U} = \sum_{k \le t}
              \underbrace{\frac{\partial L_t}{\partial s_t}}_{\text{output part}}
              \underbrace{\prod_{j=k+1}^{t} \frac{\partial s_j}{\partial s_{j-1}}}_{\text{path}}
              \underbrace{\frac{\partial s_k}{\partial U}\Big|_{s_{k-1}}}_{\text{local part}}

    Step k's copy of U turns :math:`s_{k-1}` into :math:`s_k`. Counted from s_0 as the initial
    state these are the t copies k = 0 ... t - 1 that read :math:`s_k`; the copy nearest to
    the loss is one of them, though the sum is often written without it.

    The layer is the top one; ``direct`` is as in ``influence``, of which the row ``at`` is
    used. U is torch's ``weight_hh``, gate rows stacked, for one sequence of the batch.
    Raises ValueError for a step, direction or sequence outside the recording.
    """
    run = one_run(trace, network, -1, direction, sequence)
    steps = differentiate(run)
    last = run.reading_step(at)
    piece = pieces_of(direct[:, [sequence]], run)[direction]
    source = torch.zeros(run.steps, 1, 1, run.cell.output_size, dtype=run.dtype)
    source[last, 0] = run.in_reading_order(piece)[last]
    flows, totals = [], []
    for _, flow, total in carry_back(steps, AtEveryStep(source, triangular=False), run):
        flows.append(torch.cat(flow, dim=-1)[0, 0])
        totals.append(tuple(part[:, 0] for part in total))
    flows.reverse()
    if has_closed_form(run):
        joined = tuple(torch.stack(parts[::-1]) for parts in zip(*totals))
        rows = recurrent_rows(closed_factors(run), joined)[:, 0]
        copies = rows[:, :, None] * run.before[0][:, 0, None, :]
    else:
        copies = copy_gradients(run, torch.stack(flows), 0)
    return WeightGradientTerms(_labelled(run, copies[: last + 1]), run, steps, last, flows[last])


class Truncation(NamedTuple):
    """What truncated backpropagation through time gets, and what it misses.

    gradient (row, column): the sum of the terms that the window keeps.
    error: the norm of what is missing, in the gradient's own units.
    relative_error: the same over the norm of the full gradient.
    cosine: between the two gradients; 1 where only the length is wrong.
    """

    gradient: xr.DataArray
    error: float
    relative_error: float
    cosine: float


def truncate(terms: WeightGradientTerms, window: int) -> Truncation:
    r"""The gradient of one loss when it may look back over ``window`` copies of U only.

    .. math:: \sum_{t - K < k \le t} \ldots \qquad K = \text{window}

    A window of 1 keeps the last copy alone; one as long as the text cuts nothing.
    Raises ValueError for a window below 1.
    Source: R. Williams and J. Peng, An efficient gradient-based algorithm for on-line training
    of recurrent network trajectories, Neural Computation 2 (1990).
    """
    if window < 1:
        raise ValueError(f"window is {window}; at least the last copy has to be kept.")
    kept = terms.terms.where(terms.terms["lag"] < window, 0.0).sum("time")
    full = terms.gradient
    error = float(np.sqrt(((full - kept) ** 2).sum()))
    norm, kept_norm = float(np.sqrt((full**2).sum())), float(np.sqrt((kept**2).sum()))
    lengths = norm * kept_norm
    return Truncation(
        gradient=kept,
        error=error,
        relative_error=error / norm if norm else 0.0,
        cosine=float((full * kept).sum()) / lengths if lengths else 0.0,
    )


def _labelled(run: Run, copies: Tensor) -> xr.DataArray:
    """The copies' gradients with their steps, in the order of the inputs."""
    lag = np.arange(len(copies))[::-1]
    time = np.arange(len(copies))
    if run.direction:
        copies, lag, time = copies.flip(0), lag[::-1], run.steps - 1 - time[::-1]
    coordinates = {"time": time, "lag": ("time", lag)}
    if run.trace.tokens is not None:
        coordinates["token"] = ("time", [run.trace.tokens[step] for step in time])
    return xr.DataArray(copies.numpy(), coordinates, ("time", "row", "column"), name="term")
