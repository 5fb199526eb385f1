"""Two questions about an LSTM, put to networks that run: may a gate be a ReLU, why tanh?

Both cells of a question are given the same weights and read the same inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from core.cells import make_cell
from core.networks import unroll

STEPS, UNITS, INPUTS = 100, 32, 4


@dataclass(frozen=True)
class Life:
    """A cell that reads ``STEPS`` random inputs.

    forget, cell: (time, unit). kept: by step, the product of the forget gates so far, its
    median over the units: what is left of the first memory. shut: share of the values of all
    gates that are exactly 0, through which no gradient flows. lowest, highest: of the cell
    state over all units, by step.
    """

    kind: str
    forget: np.ndarray
    cell: np.ndarray
    kept: np.ndarray
    shut: float
    lowest: np.ndarray
    highest: np.ndarray


@torch.no_grad()
def life(kind: str, *, scale: float = 1.0, forget_bias: float = 1.0, seed: int = 0) -> Life:
    """Run the LSTM variant called ``kind`` with random weights, drawn as torch draws them.

    scale: all weights are multiplied by it. forget_bias: added to the forget gate's bias.
    Raises ValueError for a cell that is no LSTM with all four gates.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        cell = make_cell(kind, INPUTS, UNITS).double()
        inputs = torch.randn(STEPS, 1, INPUTS, dtype=torch.float64)
    if cell.weight_ih.shape[0] != 4 * UNITS or len(cell.state_names) != 2:
        raise ValueError(f"{kind!r} is no LSTM with four gates; expected one such as 'lstm'.")
    for parameter in cell.parameters():
        parameter.mul_(scale)
    dict(cell.named_parameters())["bias_ih"][UNITS : 2 * UNITS] += forget_bias
    steps = unroll(cell, inputs).steps
    signal = {
        name: np.stack([step.signals[name][0].numpy() for step in steps])
        for name in ("input_gate", "forget_gate", "output_gate", "cell")
    }
    gates = np.stack([signal[f"{name}_gate"] for name in ("input", "forget", "output")])
    with np.errstate(over="ignore"):
        kept = np.median(np.cumprod(signal["forget_gate"], axis=0), axis=1)
    return Life(
        kind=kind,
        forget=signal["forget_gate"],
        cell=signal["cell"],
        kept=kept,
        shut=float((gates == 0).mean()),
        lowest=signal["cell"].min(1),
        highest=signal["cell"].max(1),
    )
