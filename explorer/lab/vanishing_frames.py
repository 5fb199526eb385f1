"""One network at every spectral radius: the numbers of the page, and the arrays of its pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.lab.vanishing_network import Drawn, Network, Trained, network_of
from explorer.shared import shared

if TYPE_CHECKING:
    from core.gradients import Decay
    from core.gradients.radius_sweep import Sweep

FIRST, STEP, LAST = 0.1, 0.05, 1.6
MOST_GAPS = 51  # how far back the pictures go
FAN_PLACES = 15  # where the fan has its singular values: on a log scale it is nearly straight
POWERS = (1, 2, 4, 8, 16, 32)
DECADES = 8
EXPONENTS = 3
FLAT = 0.1
"""A slope below this share of the activation's largest counts as flat."""
EDGES = np.linspace(-5, 5, 41)
SMALLEST = 1e-300
NOISE = 1e-14  # of the largest singular value: what double precision cannot tell from 0


@dataclass(frozen=True, eq=False)
class Frames:
    """A network at every radius of ``radii``; ``own`` is the frame of its own radius, if any."""

    network: Network
    radii: np.ndarray
    own: int | None
    sweep: Sweep
    eigenvalues: np.ndarray  # of U with spectral radius 1 (n,), largest first
    norms: np.ndarray  # of the powers of U with spectral radius 1 (gap,)
    decays: tuple[Decay | None, ...]
    flat: np.ndarray  # share of units and steps in the flat part (radius,)
    slope: np.ndarray  # mean over units and steps (radius,)


def radii_of(network: Network, own: bool) -> tuple[np.ndarray, int | None]:
    """The spectral radii that are looked at, and where a trained network's own is among them."""
    top = max(LAST, math.ceil(12 * network.radius) / 10) if own else LAST
    step = STEP * round(top / LAST) if top > LAST else STEP
    radii = np.round(np.arange(FIRST, top + step / 2, step), 3)
    if not own:
        return radii, None
    radii = np.union1d(radii, [network.radius])
    return radii, int(np.searchsorted(radii, network.radius))


@shared
def frames_of(source: Drawn | Trained) -> Frames:
    """Everything about a network at every radius."""
    import torch

    from core.gradients.radius_sweep import radius_sweep

    torch.set_num_threads(1)
    network = network_of(source)
    steps, units = network.drive.shape
    gaps = min(steps, MOST_GAPS)
    radii, own = radii_of(network, isinstance(source, Trained))
    sweep = radius_sweep(
        network.recurrent,
        network.drive,
        network.start,
        radii.tolist(),
        activation=network.activation,
        gaps=fan_gaps(steps),
        count=min(EXPONENTS, units),
        skip=min(10, steps // 3),
    )
    recurrent = network.recurrent.numpy()
    eigenvalues = np.linalg.eigvals(recurrent)
    eigenvalues = eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")]
    limit = FLAT * (0.25 if network.activation == "sigmoid" else 1)
    flat = (sweep.slope < limit).double().mean(dim=(1, 2)).numpy()
    decays = tuple(measured_decay(row) for row in sweep.gradient.numpy())
    norms, slope = power_norms(recurrent, gaps), sweep.slope.mean(dim=(1, 2)).numpy()
    return Frames(network, radii, own, sweep, eigenvalues, norms, decays, flat, slope)


def fan_gaps(steps: int) -> list[int]:
    """The gaps at which singular values are taken, close together at first."""
    last = min(steps, MOST_GAPS) - 1
    return np.unique((last * np.linspace(0, 1, FAN_PLACES) ** 1.5).round().astype(int)).tolist()


def measured_decay(gradient: np.ndarray) -> Decay | None:
    """The factor a step over the gaps, the nearest left out; None where no gradient is left."""
    from core.gradients import decay_rate

    with np.errstate(divide="ignore"):
        if (gradient > SMALLEST).sum() < len(gradient) // 2 + 2:
            return None
    return decay_rate(gradient, skip=min(5, len(gradient) // 4))


def power_norms(recurrent: np.ndarray, count: int) -> np.ndarray:
    """The spectral norms of U to the power 0, 1, ..., count - 1."""
    product, norms = np.eye(len(recurrent)), []
    for _ in range(count):
        norms.append(np.linalg.norm(product, 2))
        product = product @ recurrent
    return np.array(norms)


def logs(values: np.ndarray) -> np.ndarray:
    """Logarithms to base 10 in single precision; -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.log10(values).astype(np.float32)


def fan_logs(singular: np.ndarray) -> np.ndarray:
    """Logarithms of singular values, largest first; NaN for what is only rounding noise."""
    noise = singular < NOISE * singular[..., :1]
    return np.where(noise, np.float32(np.nan), logs(singular))


def spectrum_arrays(frames: Frames) -> dict[str, np.ndarray]:
    """The arrays of the pictures plane, decay and powers."""
    radii, sweep = frames.radii, frames.sweep
    scaled = radii[:, None] * frames.eigenvalues
    gaps = np.arange(len(frames.norms))
    recurrent = frames.network.recurrent.numpy()
    powers = np.stack([np.linalg.matrix_power(recurrent, power) for power in shown_powers(frames)])
    return {
        "spectrum.radius": radii.astype(np.float32),
        "spectrum.scale": radii.astype(np.float32),
        "spectrum.eigenvalues": np.stack([scaled.real, scaled.imag], axis=-1).astype(np.float32),
        "spectrum.norms": logs(frames.norms) + gaps.astype(np.float32) * logs(radii)[:, None],
        "spectrum.powers": powers[None].astype(np.float32),
        "spectrum.gaps": np.array(sweep.gaps, dtype=np.int32),
        "spectrum.fan": fan_logs(sweep.singular.numpy()),
        "spectrum.gradient": logs(sweep.gradient.numpy()[:, ::-1][:, : len(gaps)]),
    }


def shown_powers(frames: Frames) -> tuple[int, ...]:
    """The powers that are drawn: as far as there are gaps."""
    return tuple(power for power in POWERS if power < len(frames.norms))


def squash_arrays(frames: Frames) -> dict[str, np.ndarray]:
    """The arrays of the activation's picture and of the curves beside it."""
    import torch

    from core.cells.activations import find_activation
    from core.gradients.radius_sweep import slope_at

    name = frames.network.activation
    a = torch.linspace(float(EDGES[0]), float(EDGES[-1]), 241, dtype=torch.float64)
    slope = slope_at(name, a).numpy()
    limit = FLAT * slope.max() if name != "sigmoid" else FLAT * 0.25
    middles = torch.from_numpy((EDGES[1:] + EDGES[:-1]) / 2)
    found = np.clip(frames.sweep.preactivation.flatten(1).numpy(), EDGES[0], EDGES[-1])
    shares = np.stack([np.histogram(row, EDGES)[0] / row.size for row in found])
    measured = [math.nan if decay is None else decay.rate for decay in frames.decays]
    arrays = {
        "squash.a": a.numpy(),
        "squash.phi": find_activation(name)(a).numpy(),
        "squash.slope": slope,
        "squash.flat": slope < limit,
        "squash.edges": EDGES,
        "squash.share": shares,
        "squash.binflat": slope_at(name, middles).numpy() < limit,
        "squash.low": frames.flat[:, None],
        "curve.flat": frames.flat,
        "curve.slope": frames.slope,
        "curve.predicted": frames.radii,
        "curve.bound": frames.radii * frames.slope,
        "curve.measured": np.array(measured),
        "curve.log": np.log(frames.radii),
    }
    for rank, row in enumerate(frames.sweep.lyapunov.T.numpy(), start=1):
        arrays[f"curve.exponent{rank}"] = row
    return {key: np.asarray(array, dtype=np.float32) for key, array in arrays.items()}
