r"""A disturbance put in at one step, and what is left of it in every later state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cells.activations import find_activation


@dataclass(frozen=True)
class Disturbance:
    r"""How far the states are apart, as a share of the disturbance; T steps each way.

    with_input: (T, T), row k and column t: :math:`\|\tilde h_t - h_t\| / \varepsilon` after the
        state at step k was moved by :math:`\varepsilon`; NaN before k.
    without_input: the same where nothing more is read after step k (both runs go on with
        ``silence``), so that nothing new can take the old one's place.
    """

    with_input: Tensor
    without_input: Tensor


def disturb(
    recurrent: Tensor,
    drive: Tensor,
    start: Tensor,
    *,
    activation: str = "tanh",
    size: float = 1e-3,
    direction: Tensor | None = None,
    silence: Tensor | None = None,
    seed: int = 0,
) -> Disturbance:
    r"""Move :math:`h_k` by ``size`` at every k in turn and read on, with and without the inputs.

    .. math:: h_t = \phi(U h_{t-1} + x_t), \qquad
              \tilde h_k = h_k + \varepsilon d, \quad \|d\| = 1

    recurrent: U (n, n). drive: :math:`x_t` (T, n). start (n,). direction: d, else random from
    ``seed``. silence: what a step adds that reads nothing (the bias), zeros by default. All T
    disturbed networks run side by side. Computed in the precision of U; use float64, for the
    differences are small.
    Raises ValueError for a size of 0 or shapes that do not fit.
    """
    units = len(recurrent)
    if recurrent.shape != (units, units) or drive.shape[1:] != (units,) or size == 0:
        raise ValueError(
            f"recurrent is {tuple(recurrent.shape)}, drive {tuple(drive.shape)} and size {size}; "
            "expected (n, n), (T, n) and a size other than 0."
        )
    if direction is None:
        generator = torch.Generator().manual_seed(seed)
        direction = torch.randn(units, generator=generator, dtype=recurrent.dtype)
    quiet = torch.zeros_like(start) if silence is None else silence
    offset = size * direction / direction.norm()
    left = _distances(recurrent, drive, start, find_activation(activation), offset, quiet)
    return Disturbance(*(left / abs(size)))


def _distances(
    recurrent: Tensor,
    drive: Tensor,
    start: Tensor,
    phi: Callable[[Tensor], Tensor],
    offset: Tensor,
    quiet: Tensor,
) -> Tensor:
    """(with and without input, k, t): one loop over t for every k and both ways of reading on."""
    steps, units = drive.shape
    h = start.expand(2, 2, steps, units).clone()  # way, plain or disturbed, k
    found = drive.new_full((2, steps, steps), torch.nan)
    for t, x in enumerate(drive):
        reads = x.expand(2, 1, steps, units).clone()
        reads[1, 0, :t] = quiet
        h = phi(reads + h @ recurrent.T)
        h[:, 1, t] = h[:, 0, t] + offset
        found[:, : t + 1, t] = (h[:, 1, : t + 1] - h[:, 0, : t + 1]).norm(dim=-1)
    return found
