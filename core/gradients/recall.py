"""What a network still knows, measured: disturb its memory and see what is left of it."""

from __future__ import annotations

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from core.cells import Cell, State
from core.gradients.bare_step import bare_step
from core.gradients.runs import as_recurrent


@torch.no_grad()
def recall(network: nn.Module, inputs: Tensor, *, step: int = 0, size: float = 1e-3) -> xr.Dataset:
    r"""Disturb every unit of memory after ``step`` and read on: what is left, step by step.

    Each unit's memory (c of an LSTM, else the state that is handed on) is raised by ``size``,
    one unit at a time, and the rest of the text is read with and without:

    .. math:: \mathrm{own}_{g,i} = \frac{m^{(i)}_{k+g,i} - m_{k+g,i}}{\mathrm{size}}, \qquad
              \mathrm{whole}_{g,i} = \frac{\|m^{(i)}_{k+g} - m_{k+g}\|}{|\mathrm{size}|}

    inputs: what the recurrent layers read, one sequence: (time, features) or
    (time, 1, features). The disturbance is put into one layer at a time and seen there.

    Returns ``own`` and ``whole`` (layer, direction, gap, unit), NaN where a direction has no
    text left, and ``half_life`` (layer, direction, unit): the gap at which |own| first falls
    to one half, interpolated in its logarithm; inf where it never does within the text.
    Computed in float64 in eval mode; nothing in the network is changed.
    Raises ValueError for inputs of another shape, a step outside them, or a size of 0.
    """
    x = inputs.unsqueeze(1) if inputs.dim() == 2 else inputs
    if x.dim() != 3 or x.shape[1] != 1:
        raise ValueError(
            f"inputs have shape {tuple(inputs.shape)}; expected one sequence, (time, features) or "
            "(time, 1, features)."
        )
    if not -len(x) <= step < len(x) or size == 0:
        raise ValueError(
            f"step is {step} and size {size}; expected a step from 0 to {len(x) - 1} and a size "
            "other than 0."
        )
    x = x.detach().cpu().double()
    own, whole = [], []
    for cells in as_recurrent(network).cells:
        outputs, measured = [], []
        for direction, cell in enumerate(cells):
            reading = x.flip(0) if direction else x
            reached = step % len(x)
            reached = len(x) - 1 - reached if direction else reached
            output, left = _measure(cell, reading, reached, size)
            outputs.append(output.flip(0) if direction else output)
            measured.append(_padded(left, len(x)))
        own.append([part[0] for part in measured])
        whole.append([part[1] for part in measured])
        x = torch.cat(outputs, dim=-1)
    dims = ("layer", "direction", "gap", "unit")
    data = xr.Dataset({"own": (dims, np.array(own)), "whole": (dims, np.array(whole))})
    lasting = np.apply_along_axis(_half_life, 2, data["own"].values)
    return data.assign(half_life=(("layer", "direction", "unit"), lasting))


def _measure(cell: Cell, x: Tensor, step: int, size: float) -> tuple[Tensor, Tensor]:
    """The outputs undisturbed, and (own and whole, gap, unit) from ``step`` on."""
    # in float64, so that small differences are not lost in rounding
    weights = {name: w.detach().cpu().double() for name, w in cell.named_parameters()}
    state: State = tuple(x.new_zeros(1, size) for size in cell.state_sizes)
    place = cell.state_names.index("cell") if "cell" in cell.state_names else 0
    units = cell.state_sizes[place]
    outputs, memories = [], []
    for t, x_t in enumerate(x):
        output, state, _ = bare_step(cell, weights, x_t.expand(len(state[0]), -1), state)
        if t == step:
            state = _disturbed(state, place, size)
        if t >= step:
            memories.append(state[place])
        outputs.append(output[-1:])
    difference = torch.stack([memory[:units] - memory[units:] for memory in memories]) / size
    own = difference.diagonal(dim1=1, dim2=2)
    return torch.stack(outputs), torch.stack((own, difference.norm(dim=-1)))


def _disturbed(state: State, place: int, size: float) -> State:
    """Once for each unit of the part at ``place``, raised there, and last once as it was."""
    units = state[place].shape[-1]
    nudges = torch.eye(units + 1, units, dtype=state[place].dtype) * size
    copies = [part.expand(units + 1, -1) for part in state]
    copies[place] = copies[place] + nudges
    return tuple(copies)


def _padded(left: Tensor, steps: int) -> np.ndarray:
    padding = ((0, 0), (0, steps - left.shape[1]), (0, 0))
    return np.pad(left.numpy(), padding, constant_values=np.nan)


def _half_life(own: np.ndarray) -> float:
    """The gap at which |own| first falls to one half."""
    left = np.abs(own[~np.isnan(own)])
    below = np.flatnonzero(left <= 0.5)
    if not len(below):
        return np.inf
    after = below[0]  # never 0: nothing is lost at gap 0
    if left[after] == 0:
        return float(after)
    here, before = np.log(left[after]), np.log(left[after - 1])
    return float(after - 1 + (before - np.log(0.5)) / (before - here))
