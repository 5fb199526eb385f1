r"""Derivatives of one step of any cell, at the states that were recorded.

A step needs its input :math:`x_t`, which a recording does not hold; it does hold
:math:`W x_t`, the input's part of every pre-activation. So the cell is called with the
identity in the place of ``weight_ih`` and :math:`W x_t` in the place of the input. And one
step takes a batch, so the steps of a recording, whose states are known, *are* a batch.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, jacrev, vmap

from core.cells import State
from core.gradients.bare_step import step_from_parts
from core.gradients.runs import Run

CHUNK = 64  # steps differentiated at once: bounds the memory


def step_jacobians(run: Run) -> tuple[Tensor, Tensor]:
    r""":math:`\partial s_t/\partial s_{t-1}` (time, batch, S, S) and
    :math:`\partial s_t/\partial (W x_t)` (time, batch, S, gate rows).

    S is the width of the whole state, its parts side by side.
    """
    step = state_after(run)
    from_input = input_parts(run)
    places = tuple(range(1 + len(run.before)))
    jacobians = vmap(jacrev(step, argnums=places), chunk_size=CHUNK)(
        *(values.flatten(0, 1) for values in (from_input, *run.before))
    )
    by_input, *by_state = (part.unflatten(0, from_input.shape[:2]) for part in jacobians)
    return torch.cat(by_state, dim=-1), by_input


def weight_jacobian(run: Run, k: int, sequence: int) -> Tensor:
    r""":math:`\partial s_k/\partial U` with s_{k-1} held: (S, rows of U, columns of U)."""
    at = tuple(values[k, sequence] for values in (input_parts(run), *run.before))
    return jacrev(lambda weight: state_after(run, weight)(*at))(run.weights["weight_hh"])


def copy_gradients(run: Run, totals: Tensor, sequence: int) -> Tensor:
    """The gradient of every step's own copy of U: (time, rows, columns).

    ``totals`` (time, S) are the derivatives of the loss for the state after each step.
    """

    def linearised(weight: Tensor, total: Tensor, *at: Tensor) -> Tensor:
        return state_after(run, weight)(*at) @ total

    places = (None, *[0] * (2 + len(run.before)))
    at = tuple(values[:, sequence] for values in (input_parts(run), *run.before))
    copies = vmap(grad(linearised), in_dims=places, chunk_size=CHUNK)
    return copies(run.weights["weight_hh"], totals, *at)


def row_gradients(run: Run, totals: Tensor) -> Tensor:
    """Derivatives for W x_t, all gate rows: (time, batch, S) to (time, batch, rows)."""
    from_input = input_parts(run).flatten(0, 1).requires_grad_()
    with torch.enable_grad():
        after = _call(run, from_input, tuple(part.flatten(0, 1) for part in run.before))
        (rows,) = torch.autograd.grad(after, from_input, totals.flatten(0, 1))
    return rows.unflatten(0, (run.steps, run.batch))


def input_parts(run: Run) -> Tensor:
    """W x_t of every step, gate rows side by side.

    Raises ValueError for a recording without ``parts=True``.
    """
    names = [f"{gate}_from_input" for gate in run.gates]
    if any(name not in run.trace for name in names):
        raise ValueError(
            f"Differentiating a {run.cell.kind} cell needs the input's part of every "
            "pre-activation, which this recording does not hold; record with parts=True."
        )
    return torch.cat([run[name] for name in names], dim=-1)


def state_after(run: Run, weight_hh: Tensor | None = None) -> Callable[..., Tensor]:
    """One step as a function of vectors: (W x_t, *parts of s_{t-1}) to s_t, side by side."""

    def step(from_input: Tensor, *before: Tensor) -> Tensor:
        return _call(run, from_input[None], tuple(part[None] for part in before), weight_hh)[0]

    return step


def _call(run: Run, from_input: Tensor, before: State, weight_hh: Tensor | None = None) -> Tensor:
    weights = run.weights if weight_hh is None else run.weights | {"weight_hh": weight_hh}
    return torch.cat(step_from_parts(run.cell, weights, from_input, before).state, dim=-1)
