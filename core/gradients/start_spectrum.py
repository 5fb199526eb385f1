"""What a start does before any training: eigenvalues of a step, and the gradient over a gap."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from core.gradients.any_cell import step_jacobians
from core.gradients.runs import network_runs
from core.networks import Recurrent
from core.networks.starts import begin
from core.recording.recorder import record


class StartSpectrum(NamedTuple):
    r"""eigenvalues: of :math:`\partial s_t/\partial s_{t-1}` at the last step, complex, of every
    seed. gradient: :math:`\|\partial s_T/\partial s_{T-k}\|_F / \sqrt{S}` over the gap k, the
    geometric mean over the seeds: (steps + 1,)."""

    eigenvalues: np.ndarray
    gradient: np.ndarray


def start_spectrum(
    cell: str,
    start: str,
    *,
    units: int = 32,
    inputs: int = 8,
    steps: int = 100,
    seeds: int = 3,
    size: float = 1.0,
) -> StartSpectrum:
    r"""A network of this ``cell`` begun by ``start`` reads normal inputs of deviation ``size``.

    s is the whole state, (h, c) of an LSTM; the derivative is total. Computed in float64.
    Raises ValueError for a start that does not fit the cell.
    """
    eigenvalues, gradients = [], []
    for seed in range(seeds):
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            network = Recurrent(cell, inputs, units).double()
            begin(network, start)
            read = size * torch.randn(steps, 1, inputs, dtype=torch.float64)
        (trace,) = record(network, read, parts=True).values()
        jacobians = step_jacobians(network_runs(trace, network)[0][0])[0][:, 0]
        eigenvalues.append(torch.linalg.eigvals(jacobians[-1]).numpy())
        product = torch.eye(jacobians.shape[-1], dtype=torch.float64)
        sizes = [1.0]
        for jacobian in jacobians.flip(0):
            product = product @ jacobian
            sizes.append(float(product.norm()) / len(product) ** 0.5)
        gradients.append(sizes)
    logs = np.log(np.maximum(gradients, 1e-300))
    return StartSpectrum(np.concatenate(eigenvalues), np.exp(logs.mean(axis=0)))
