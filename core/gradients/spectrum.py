r"""What the product of Jacobians does to every direction: singular values, Lyapunov exponents."""

from __future__ import annotations

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from core.gradients.runs import one_run
from core.gradients.step_derivatives import Flow, StepDerivatives, differentiate
from core.recording.trace import Trace


def jacobian_spectrum(
    trace: Trace,
    network: nn.Module,
    *,
    state: str | None = None,
    at: int = -1,
    layer: int = -1,
    direction: int = 0,
    sequence: int = 0,
) -> xr.DataArray:
    r"""Singular values of :math:`\partial s_t/\partial s_k` over the gap t - k, largest first.

    .. math:: \frac{\partial s_t}{\partial s_k}
              = \frac{\partial s_t}{\partial s_{t-1}} \cdots \frac{\partial s_{k+1}}{\partial s_k}

    state: ``hidden``, ``cell`` (either as a total derivative, h_k following c_k), or None for
    the whole state. at: the step t in the order of the inputs, the last by default. layer
    counts from the input, -1 is the top.

    Returns (gap, rank) with ``time``, the step k, on gap; computed in float64 from the
    recorded gates. Singular values below 1e-15 of the largest are rounding noise.
    Raises ValueError for a state that the cell does not have or a step outside the recording.
    """
    run = one_run(trace, network, layer, direction, sequence)
    steps = differentiate(run)
    last = run.reading_step(at)
    names = run.cell.state_names
    if state is not None and state not in names:
        raise ValueError(f"state is {state!r}; a {run.cell.kind} has {', '.join(names)}.")
    place = None if state is None else names.index(state)
    products = torch.stack(jacobian_products(steps, last, place))
    singular = torch.linalg.svdvals(products)
    reading = last - np.arange(len(products))
    time = run.steps - 1 - reading if run.direction else reading
    coordinates = {"gap": np.arange(len(products)), "time": ("gap", time)}
    return xr.DataArray(singular.numpy(), coordinates, ("gap", "rank"), name="singular_value")


def lyapunov_exponents(
    trace: Trace,
    network: nn.Module,
    *,
    count: int | None = None,
    skip: int = 0,
    seed: int = 0,
    layer: int = -1,
    direction: int = 0,
    sequence: int = 0,
) -> xr.DataArray:
    r"""The mean growth per step of the ``count`` fastest directions, in nats, largest first.

    .. math:: Q_t R_t = \frac{\partial s_t}{\partial s_{t-1}} Q_{t-1}, \qquad
              \lambda_i = \frac{1}{T} \sum_t \log |R_{t,ii}|

    Re-orthogonalised at every step (the QR method), so that no direction is lost in the
    shadow of the fastest. Above 0 disturbances grow, below 0 they die; e to the power of the
    first is what a long gap multiplies a gradient by, per step. Over a text they are averages
    of a finite time; ``skip`` leaves out the first steps, while the directions, which start
    at random from ``seed``, still turn into place. -inf where a direction is wiped out.

    Returns (rank,). Raises ValueError for a count or skip that the recording does not allow.
    Sources: G. Benettin et al., Meccanica 15 (1980); R. Engelken, F. Wolf and L. F. Abbott,
    Lyapunov spectra of chaotic recurrent neural networks, Phys. Rev. Research 5 (2023).
    """
    run = one_run(trace, network, layer, direction, sequence)
    steps = differentiate(run)
    size = sum(steps.sizes)
    count = size if count is None else count
    if not 1 <= count <= size or not 0 <= skip < run.steps:
        raise ValueError(
            f"count is {count} and skip {skip}; expected 1 to {size} exponents and 0 to "
            f"{run.steps - 1} steps."
        )
    start = torch.randn(size, count, generator=torch.Generator().manual_seed(seed), dtype=run.dtype)
    Q = torch.linalg.qr(start).Q
    growth = torch.zeros(count, dtype=run.dtype)
    for k in range(run.steps):
        Q, R = torch.linalg.qr(_jacobian(steps, k) @ Q)
        if k >= skip:
            growth += R.diagonal().abs().log()
    exponents = (growth / (run.steps - skip)).sort(descending=True).values
    return xr.DataArray(exponents.numpy(), dims=("rank",), name="lyapunov_exponent")


def jacobian_products(steps: StepDerivatives, last: int, place: int | None) -> list[Tensor]:
    """ds_t/ds_k for t = ``last`` and k = t, t - 1, ...: of one part of the state, or of all."""
    flow = identity(steps, place)
    products = []
    for k in range(last, -1, -1):
        total = steps.total(k, flow)
        products.append(torch.cat(flow, dim=-1)[0] if place is None else total[place][0])
        flow = steps.pull(k, flow, total)
    return products


def _jacobian(steps: StepDerivatives, k: int) -> Tensor:
    r""":math:`\partial s_k/\partial s_{k-1}` of the whole state (S, S)."""
    flow = identity(steps, None)
    return torch.cat(steps.pull(k, flow, steps.total(k, flow)), dim=-1)[0]


def identity(steps: StepDerivatives, place: int | None) -> Flow:
    """One gradient for each unit of the state, or of one part of it."""
    rows = torch.eye(sum(steps.sizes), dtype=torch.float64)
    parts = rows[None].split(steps.sizes, dim=-1)
    if place is None:
        return parts
    first = sum(steps.sizes[:place])
    return tuple(part[:, first : first + steps.sizes[place]] for part in parts)
