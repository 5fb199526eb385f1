r"""One Elman network with many recurrent matrices: what its gradient does under each of them.

Scaling the recurrent matrix moves all its eigenvalues along rays from the origin, so a network
that is drawn once can be looked at on either side of the unit circle. All matrices are run side
by side; each agrees with ``jacobian_spectrum`` and ``lyapunov_exponents`` of a recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cells.activations import find_activation


@dataclass(frozen=True)
class Sweep:
    r"""What :math:`h_t = \phi(U_r h_{t-1} + x_t)` did for every r; R matrices, T steps, n units.

    preactivation, slope: :math:`a_t` and :math:`\phi'(a_t)`, (R, T, n).
    gaps: (G,), and singular: (R, G, n), the singular values of
        :math:`\partial h_T/\partial h_{T-k}` over the gap k, largest first.
    gradient: (R, T), the norm of :math:`v^\top \partial h_T/\partial h_{T-k}` for a random v of
        length 1: what a loss at the last step sends back. Gap 0 comes last, as in a recording.
    lyapunov: (R, count), mean growth in nats a step of the fastest directions.
    """

    preactivation: Tensor
    slope: Tensor
    gaps: tuple[int, ...]
    singular: Tensor
    gradient: Tensor
    lyapunov: Tensor


def radius_sweep(
    recurrent: Tensor, drive: Tensor, start: Tensor, radii: Sequence[float], **options
) -> Sweep:
    r"""``matrix_sweep`` over :math:`U_r = r\,U` for every r of ``radii``.

    recurrent: U (n, n); with a spectral radius of 1 ``radii`` are spectral radii. The other
    arguments, and what is raised, are those of ``matrix_sweep``.
    """
    factors = torch.as_tensor(radii, dtype=recurrent.dtype)
    return matrix_sweep(factors[:, None, None] * recurrent, drive, start, **options)


def matrix_sweep(
    matrices: Tensor,
    drive: Tensor,
    start: Tensor,
    *,
    activation: str = "tanh",
    gaps: Sequence[int] = (0,),
    count: int = 1,
    skip: int = 0,
    seed: int = 0,
) -> Sweep:
    r"""Run an Elman network under each of ``matrices`` and follow its gradient back.

    matrices: :math:`U_r` (R, n, n). drive: :math:`x_t = W u_t + b`, all that a step adds to the
    recurrent part, (T, n). start: the state before the first step (n,). gaps: where to take
    singular values. count, skip: how many Lyapunov exponents, and how many first steps they
    leave out. seed: of the direction v of the loss and of the exponents' first directions.

    Raises ValueError for shapes that do not fit, an unknown activation, or a gap, count or skip
    outside the sequence.
    """
    units = _check(matrices, drive, start, gaps, count, skip)
    preactivation, slope = _run(matrices, drive, start, activation)
    generator = torch.Generator().manual_seed(seed)
    loss = torch.randn(units, generator=generator, dtype=matrices.dtype)
    singular, gradient = _follow_back(matrices, slope, gaps, loss / loss.norm())
    directions = torch.randn(units, count, generator=generator, dtype=matrices.dtype)
    growth = _growth(matrices, slope, torch.linalg.qr(directions).Q, skip)
    return Sweep(preactivation, slope, tuple(gaps), singular, gradient, growth)


def slope_at(activation: str, preactivation: Tensor) -> Tensor:
    r""":math:`\phi'(a)`, by automatic differentiation."""
    phi = find_activation(activation)
    a = preactivation.detach().requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(phi(a).sum(), a)
    return slope


def _run(matrices: Tensor, drive: Tensor, start: Tensor, activation: str) -> tuple[Tensor, Tensor]:
    phi = find_activation(activation)
    h = start.expand(len(matrices), -1)
    found = []
    for x in drive:
        found.append(x + (matrices @ h[:, :, None])[..., 0])
        h = phi(found[-1])
    preactivation = torch.stack(found, dim=1)
    return preactivation, slope_at(activation, preactivation)


def _follow_back(
    matrices: Tensor, slope: Tensor, gaps: Sequence[int], loss: Tensor
) -> tuple[Tensor, Tensor]:
    """Singular values (R, gaps, n), and norms of the gradient (R, T) with gap 0 last."""
    wanted, last = set(gaps), slope.shape[1] - 1
    product = torch.eye(len(loss), dtype=loss.dtype).expand_as(matrices)
    kept, norms = {}, []
    for gap in range(last + 1):
        if gap in wanted:
            kept[gap] = product
        norms.append((loss @ product).norm(dim=-1))
        product = product @ (slope[:, last - gap, :, None] * matrices)
    singular = torch.linalg.svdvals(torch.stack([kept[gap] for gap in gaps], dim=1))
    return singular, torch.stack(norms[::-1], dim=1)


def _growth(matrices: Tensor, slope: Tensor, directions: Tensor, skip: int) -> Tensor:
    """The QR method of ``lyapunov_exponents``, for all matrices at once."""
    Q = directions.expand(len(matrices), -1, -1)
    growth = Q.new_zeros(len(matrices), Q.shape[-1])
    for t in range(slope.shape[1]):
        Q, R = torch.linalg.qr(slope[:, t, :, None] * (matrices @ Q))
        if t >= skip:
            growth += R.diagonal(dim1=-2, dim2=-1).abs().log()
    return (growth / (slope.shape[1] - skip)).sort(dim=-1, descending=True).values


def _check(
    matrices: Tensor, drive: Tensor, start: Tensor, gaps: Sequence[int], count: int, skip: int
) -> int:
    units = matrices.shape[-1]
    fits = matrices.dim() == 3 and matrices.shape[1] == units
    if not fits or start.shape != (units,) or drive.shape[1:] != (units,):
        raise ValueError(
            f"The recurrent matrices are {tuple(matrices.shape)}, drive {tuple(drive.shape)} and "
            f"start {tuple(start.shape)}; expected (R, n, n), (T, n) and (n,)."
        )
    steps = len(drive)
    if not 0 <= skip < steps or not 1 <= count <= units:
        raise ValueError(
            f"count is {count} and skip {skip}; expected 1 to {units} exponents and 0 to "
            f"{steps - 1} steps."
        )
    if any(not 0 <= gap < steps for gap in gaps):
        raise ValueError(f"gaps are {list(gaps)}; expected 0 to {steps - 1} for {steps} steps.")
    return units
