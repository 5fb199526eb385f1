r"""Diluted, or not? What later inputs leave of the first one: its influence, and what of it can
still be read back.

The two are not the same. The derivative asks whether a *change* of the early state would still be
felt. Reading back asks whether the state still tells what came in. A linear network with an
orthogonal matrix passes every change on undiminished, and yet its n numbers can hold the n
numbers of one input exactly, or those of fifty inputs only badly.

Source: H. Jaeger, Short term memory in echo state networks, GMD Report 152 (2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.cells import Cell

CHUNK = 1024  # sequences that are read side by side: their signals fit into the cache


class FirstInput(NamedTuple):
    r"""What is left of the first input after t steps; all three arrays are (asked,).

    steps: the t at which it was asked, from 1.
    influence: :math:`\|\partial h_t/\partial h_1\|_F / \sqrt n`, the root mean square of the
        singular values over directions and sequences: 1 at first, unchanged by an orthogonal step.
    recovered: :math:`R^2` of the best linear reader of :math:`h_t` on sequences that it was not
        fitted on. 1: exactly; 0: no better than the mean; below 0: worse than that.
    """

    steps: np.ndarray
    influence: np.ndarray
    recovered: np.ndarray


@torch.no_grad()
def first_input_left(
    cell: Cell,
    inputs: Tensor,
    start: Tensor,
    *,
    fitted: int,
    target: Tensor | None = None,
    asked: Sequence[int] | None = None,
    followed: int = 16,
) -> FirstInput:
    r"""Read many sequences and ask the states for the first input.

    .. math:: \hat x_1 = A h_t + a, \qquad
              R^2 = 1 - \frac{\sum \|x_1 - \hat x_1\|^2}{\sum \|x_1 - \bar x_1\|^2}

    A and a by least squares on the first ``fitted`` sequences, the sums over the others; a reader
    of its own for every t. What a reader of n + 1 numbers finds by chance makes it worse on the
    others by about (n + 1) / ``fitted``.

    cell: one with a single state (Elman, GRU, ...). inputs (T, N, features), drawn
    independently. start (n,). target: what is to be read back (N, e), by default the first input.
    asked: the t to ask at, from 1 to T, by default all. followed: how many sequences the
    derivative is averaged over. Computed in the precision of the inputs; where states may grow
    without bound, use float64.

    Raises ValueError for a cell with more than one state, for fewer sequences to fit than a
    reader has numbers, for steps that are not read, and for a target that is the same in all
    sequences to judge on.
    """
    wanted = inputs[0] if target is None else target
    steps = sorted(set(range(1, len(inputs) + 1) if asked is None else asked))
    _check(cell, inputs, wanted, fitted, steps)
    states = torch.cat(
        [_states(cell, part, start, steps) for part in inputs.split(CHUNK, dim=1)], dim=1
    )
    recovered = [held_out_r2(h, wanted, fitted) for h in states]
    influence = influence_of_first(cell, inputs[:, :followed], start)[np.array(steps) - 1]
    return FirstInput(np.array(steps), influence, np.array(recovered))


def _states(cell: Cell, inputs: Tensor, start: Tensor, asked: Sequence[int]) -> Tensor:
    """The states after the asked steps: (asked, N, n)."""
    h, found = start.expand(inputs.shape[1], -1), []
    for t, x in enumerate(inputs[: asked[-1]], start=1):
        h = cell.forward(x, (h,)).output
        if t in asked:
            found.append(h)
    return torch.stack(found)


def influence_of_first(cell: Cell, inputs: Tensor, start: Tensor) -> np.ndarray:
    """The root mean square of the singular values of dh_t/dh_1, t = 1 ... T."""
    h = cell.forward(inputs[0], (start.expand(inputs.shape[1], -1),)).output
    units = h.shape[-1]
    product = torch.eye(units, dtype=h.dtype).expand(len(h), -1, -1)
    sizes = [1.0]
    for x in inputs[1:]:
        step, h = _jacobians(cell, x, h)
        product = step @ product
        sizes.append(float(((product**2).sum((1, 2)).mean() / units).sqrt()))
    return np.array(sizes)


def _jacobians(cell: Cell, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """dh_t/dh_(t-1) of every sequence (N, n, n), and h_t: one copy of the step for each unit of
    h_t, all differentiated at once."""
    batch, units = h.shape
    with torch.enable_grad():
        before = h.repeat(units, 1).requires_grad_()
        after = cell.forward(x.repeat(units, 1), (before,)).output
        chosen = torch.eye(units, dtype=h.dtype).repeat_interleave(batch, dim=0)
        (rows,) = torch.autograd.grad(after, before, chosen)
    return rows.unflatten(0, (units, batch)).transpose(0, 1), after[:batch].detach()


def held_out_r2(states: Tensor, target: Tensor, fitted: int) -> float:
    """R² of the linear reader of ``states`` (N, n) fitted on the first ``fitted`` rows, judged on
    the others; all columns of ``target`` (N, e) together, as in ``first_input_left``."""
    mean = states[:fitted].mean(0)
    scale = states[:fitted].std(0)
    readable = (states - mean) / torch.where(scale > 0, scale, 1.0)
    average = target[:fitted].mean(0)
    wanted = target - average
    reader = torch.linalg.lstsq(readable[:fitted], wanted[:fitted], driver="gelsd").solution
    missed = ((wanted[fitted:] - readable[fitted:] @ reader) ** 2).sum()
    return float(1 - missed / (wanted[fitted:] ** 2).sum())


def memory_curve(recurrent: Tensor, reads: Tensor, steps: int) -> np.ndarray:
    r"""What a linear network keeps of each of its last ``steps`` inputs, in closed form.

    .. math:: R^2_k = \tfrac{1}{d} \operatorname{tr}\bigl(W^\top U^{k\top} C^{-1} U^k W\bigr),
              \qquad C = \sum_{j < T} U^j W W^\top U^{j\top}

    for :math:`h_t = U h_{t-1} + W x_t` and independent inputs of unit variance: ``recurrent`` is
    U (n, n), ``reads`` W (n, d). Returns (steps,), the latest input first. All of them together,
    times d, are never more than n: a state of n numbers holds at most n numbers.
    Source: H. Jaeger (2001), proposition 2.
    """
    held = [reads]
    for _ in range(steps - 1):
        held.append(recurrent @ held[-1])
    passed = torch.stack(held)  # (k, n, d)
    covariance = torch.einsum("kid,kjd->ij", passed, passed)
    kept = torch.einsum("kid,ij,kjd->k", passed, torch.linalg.pinv(covariance), passed)
    return (kept / reads.shape[1]).numpy()


def _check(cell: Cell, inputs: Tensor, target: Tensor, fitted: int, asked: Sequence[int]) -> None:
    if len(cell.state_names) != 1:
        raise ValueError(
            f"The cell {cell.kind} hands on {', '.join(cell.state_names)}; expected a cell with "
            "one state."
        )
    sequences = inputs.shape[1]
    if not cell.hidden_size + 1 < fitted < sequences:
        raise ValueError(
            f"fitted is {fitted}; expected more than the {cell.hidden_size + 1} numbers of a "
            f"reader and fewer than the {sequences} sequences, so that some are left to judge on."
        )
    if not asked or not 1 <= asked[0] <= asked[-1] <= len(inputs):
        raise ValueError(
            f"asked is {list(asked)}; expected steps from 1 to the {len(inputs)} that are read."
        )
    if not target[fitted:].std(0).sum() > 0:
        raise ValueError(
            "What is to be read back is the same in every sequence; expected inputs that differ."
        )
