"""Usual first weights: the spectral radius they come to, and what it does to the gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from explorer.lab.vanishing_network import Drawn, drawn
from explorer.shared import shared

INITIALS = ("torch", "glorot", "he", "orthogonal", "identity")
SIZES = (4, 8, 16, 32, 64, 128)
SEEDS = 5


@dataclass(frozen=True)
class Scale:
    """One way to draw the first weights.

    radii (size, seed): measured spectral radii at ``SIZES``; expected: what the circular law
    says of them, deviation times √n. gradient (T,): the mean over seeds of log10 of the gradient
    over the gap, in a network of this activation; rate, its factor a step.
    """

    name: str
    radii: np.ndarray
    expected: float
    gradient: np.ndarray
    rate: float


def initial_matrix(name: str, units: int, seed: int) -> np.ndarray:
    """A recurrent matrix as it is before any training.

    torch: uniform in ±1/√n, what ``nn.RNN`` does. glorot: normal with variance 2/(n+n). he:
    variance 2/n. orthogonal, identity. Raises ValueError for an unknown name.
    Sources: X. Glorot and Y. Bengio (2010); K. He et al. (2015); A. M. Saxe et al. (2014);
    Q. V. Le, N. Jaitly and G. E. Hinton (2015).
    """
    random = np.random.default_rng(seed)
    if name == "torch":
        return random.uniform(-1, 1, (units, units)) / math.sqrt(units)
    if name == "identity":
        return np.eye(units)
    entries = random.standard_normal((units, units))
    if name == "glorot":
        return entries / math.sqrt(units)
    if name == "he":
        return entries * math.sqrt(2 / units)
    if name == "orthogonal":
        return np.linalg.qr(entries)[0]
    raise ValueError(f"initial weights are {name!r}; expected one of {', '.join(INITIALS)}.")


@shared
def measured_radii() -> dict[str, np.ndarray]:
    """Spectral radii (size, seed) of every way, drawn and measured here."""
    return {
        name: np.array(
            [
                [
                    np.abs(np.linalg.eigvals(initial_matrix(name, size, seed))).max()
                    for seed in seeds
                ]
                for size in SIZES
            ]
        )
        for name in INITIALS
        for seeds in [range(SEEDS)]
    }


@shared
def measured_scales(source: Drawn) -> list[Scale]:
    """Every way, in a network with the size, activation and input of ``source``."""
    import torch

    from core.gradients import decay_rate
    from core.gradients.radius_sweep import matrix_sweep

    torch.set_num_threads(1)
    network = drawn(source)
    deviation = {"torch": 1 / math.sqrt(3), "glorot": 1.0, "he": math.sqrt(2)}
    drawings = [
        initial_matrix(name, source.units, seed) for name in INITIALS for seed in range(SEEDS)
    ]
    sweep = matrix_sweep(
        torch.from_numpy(np.stack(drawings)),
        network.drive,
        network.start,
        activation=source.activation,
        seed=source.seed,
    )
    scales = []
    for name, rows in zip(INITIALS, sweep.gradient.split(SEEDS), strict=True):
        found = rows.clamp_min(1e-300).log10().mean(dim=0).numpy()
        rate = decay_rate(10**found, skip=5).rate
        scales.append(
            Scale(name, measured_radii()[name], deviation.get(name, 1.0), found[::-1], rate)
        )
    return scales
