"""The size of the gradient at every step, how far back it reaches, and how fast it decays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from core.recording.trace import Trace


def gradient_norms(trace: Trace) -> xr.DataArray:
    r"""The norms :math:`\|\partial L/\partial h_t\|` and :math:`\|\partial L/\partial c_t\|`.

    Euclidean, over the units. Returns (signal, layer, direction, time, batch), signal being
    ``grad_hidden`` and, where there is a cell state, ``grad_cell``. The batch is kept:
    sequences have gradients of their own. Steps beyond the end of a packed sequence are NaN.
    Raises ValueError for a recording made without a loss.
    """
    names = [name for name in ("grad_hidden", "grad_cell") if name in trace]
    if not names:
        raise ValueError("The recording holds no gradients; record with a loss.")
    norms = [np.linalg.norm(trace[name].values.astype(float), axis=-1) for name in names]
    dims = ("signal", "layer", "direction", "time", "batch")
    data = trace.data.coords.to_dataset().assign_coords(signal=names)
    return data.assign(gradient_norm=(dims, np.stack(norms)))["gradient_norm"]


def horizon(norms: ArrayLike, fraction: float) -> int | None:
    """How many steps back from the last until the norm is below ``fraction`` of its last value.

    ``norms`` (time,). The count is to the first step back from which *every* earlier norm is
    below as well; None where the norm at the first step is not, or the last norm is 0.
    Raises ValueError for norms that are not one row of numbers, or a fraction not in (0, 1).
    """
    values = _row(norms)
    if not 0 < fraction < 1:
        raise ValueError(f"fraction is {fraction}; expected a number between 0 and 1.")
    if values[-1] == 0:
        return None
    first_above = int(np.argmax(values >= fraction * values[-1]))
    return len(values) - first_above if first_above else None


def is_growing(norms: ArrayLike) -> bool:
    """Whether the gradient grows on its way back: larger at the first step than at the last,
    and growing in the exponential that fits best. ``norms`` (time,)."""
    values = _row(norms)
    if not values[0] > values[-1]:
        return False
    return bool(np.isinf(values).any() or values[-1] == 0) or decay_rate(values).rate > 1


class Decay(NamedTuple):
    r"""An exponential, :math:`\|\partial L/\partial h_{T-n}\| \approx A\,\rho^n`.

    rate: :math:`\rho`, what one more step back multiplies the norm by; below 1 it vanishes.
    r_squared: the share of the variance of log norms that the exponential explains.
    predicted: the spectral radius of the recurrent matrix, or None where none was given.
    steps: how many steps the fit saw.
    """

    rate: float
    r_squared: float
    predicted: float | None
    steps: int


def decay_rate(norms: ArrayLike, recurrent: ArrayLike | None = None, *, skip: int = 0) -> Decay:
    r"""The measured decay of a gradient over the gap, beside what the eigenvalues predict.

    Least squares through :math:`\log \|\partial L/\partial h_{T-n}\|` over the gap n.
    norms (time,), the last one nearest to the loss; zeros (underflow) are left out.
    recurrent: U (units, units). For a *linear* network the rate tends to its spectral radius
    :math:`\max_i |\lambda_i(U)|` as the gap grows; an activation with slopes below 1 decays
    faster, and a non-normal U may grow for a while first: ``skip`` leaves out that many steps
    nearest to the loss.

    Raises ValueError where fewer than two norms are left to fit.
    Source: R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent
    neural networks (2013).
    """
    values = _row(norms)[::-1][skip:]
    gap = np.arange(len(values))
    usable = (values > 0) & np.isfinite(values)
    if usable.sum() < 2:
        raise ValueError(
            f"{int(usable.sum())} of {len(values)} norms are positive and finite; a decay needs "
            "at least 2. Check that the loss depends on the states, or give a longer sequence."
        )
    gap, logs = gap[usable], np.log(values[usable])
    slope, intercept = np.polyfit(gap, logs, 1)
    variance = np.var(logs)
    left = np.mean((logs - intercept - slope * gap) ** 2)
    r_squared = 1.0 if variance < 1e-24 else 1 - left / variance
    predicted = None if recurrent is None else spectral_radius(recurrent)
    return Decay(float(np.exp(slope)), float(r_squared), predicted, len(gap))


def spectral_radius(matrix: ArrayLike) -> float:
    r"""The largest absolute eigenvalue, :math:`\max_i |\lambda_i|`, of a square matrix."""
    return float(np.abs(np.linalg.eigvals(np.asarray(matrix, dtype=float))).max())


def _row(norms: ArrayLike) -> np.ndarray:
    values = np.asarray(norms, dtype=float)
    if values.ndim != 1 or not len(values) or np.isnan(values).any():
        raise ValueError(
            f"norms have shape {values.shape}; expected one row over time without NaN. Choose a "
            "signal, layer, direction and sequence, and drop the padding."
        )
    return values
