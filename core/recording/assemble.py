"""From the tensors of a recording to an ``xarray.Dataset`` with named dimensions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from core.recording.cell_loop import CellLoop
from core.recording.errors import RecordingError
from core.recording.layer_run import LayerRun
from core.recording.sequence_call import SequenceCall

if TYPE_CHECKING:
    import xarray as xr

STEP_DIMS = ("layer", "direction", "time", "batch")
DIRECTIONS = ("forward", "backward")


def dataset_of_calls(calls: Sequence[SequenceCall], settings: Mapping[str, Any]) -> xr.Dataset:
    """All calls of one sequence module, one after another along ``time``."""
    arrays: dict[str, list[np.ndarray]] = {}
    for call in calls:
        for name in call.runs[0].signals:
            if not name.startswith("_"):
                arrays.setdefault(name, []).append(_grid(call, name))
        for name, start in (("initial_hidden", "h0"), ("initial_cell", "c0")):
            if getattr(call.runs[0], start) is not None:
                values = [_numpy(getattr(run, start)) for run in call.runs]
                arrays.setdefault(name, []).append(_nest(values, call.directions))
    joined = {
        name: np.stack(_same_batch(pieces, axis=2))
        if name.startswith("initial_")
        else np.concatenate(_same_batch(pieces, axis=3), axis=2)
        for name, pieces in arrays.items()
    }
    lengths = [len(call.runs[0].h) for call in calls]
    return _dataset(joined, np.repeat(np.arange(len(calls)), lengths), settings)


def dataset_of_loop(cells: Sequence[Sequence[CellLoop]], settings: Mapping[str, Any]) -> xr.Dataset:
    """Cells that were called step by step, ``cells[layer][direction]``; time counts the calls.

    The backward direction was called from the end of the sequence, so it is turned round.
    """
    if len({len(loop.x) for layer in cells for loop in layer}) != 1:
        raise RecordingError("The cells of one network were called different numbers of times.")
    arrays: dict[str, np.ndarray] = {}
    for name in cells[0][0].signals:
        values = []
        for layer in cells:
            for direction, loop in enumerate(layer):
                value = loop.signals[name]
                values.append(_numpy(value.flip(0) if direction else value))
        if not name.startswith("_"):
            arrays[name] = _nest(values, len(cells[0]))
    starts = zip(*(loop.before[0] for layer in cells for loop in layer))
    names = getattr(cells[0][0].module, "state_names", ("hidden", "cell"))
    for name, start in zip(names, starts):
        values = [_numpy(part) for part in start]
        arrays[f"initial_{name}"] = _nest(values, len(cells[0]))[None]
    return _dataset(arrays, np.zeros(len(cells[0][0].x), dtype=int), settings)


def _dataset(
    arrays: Mapping[str, np.ndarray], calls: np.ndarray, settings: Mapping[str, Any]
) -> xr.Dataset:
    import xarray as xr

    arrays = dict(arrays)
    if "output" not in arrays:
        arrays["output"] = arrays["hidden"]
    units = next(
        arrays[name].shape[-1] for name in ("cell", "update_gate", "hidden") if name in arrays
    )
    variables = {}
    for name, array in arrays.items():
        start = name.startswith("initial_")
        dims = ("call", "layer", "direction", "batch") if start else STEP_DIMS
        if name == "grad_weight_norm":
            dims = STEP_DIMS[:3]
        else:
            # outputs and projections may be narrower or wider than the gates
            dims = (*dims, "unit" if array.shape[-1] == units else "feature")
        variables[name] = (dims, array)
    layers, directions, steps = arrays["hidden"].shape[:3]
    coordinates: dict[str, Any] = {
        "layer": np.arange(layers),
        "direction": list(DIRECTIONS[:directions]),
        "time": np.arange(steps),
        "call_of_step": ("time", calls),
    }
    settings = dict(settings)
    tokens = settings.pop("tokens", None)
    if tokens is not None:
        if len(tokens) != steps:
            raise ValueError(
                f"{len(tokens)} tokens were given for a recording of {steps} steps; "
                "give one token for each step."
            )
        coordinates["token"] = ("time", [str(token) for token in tokens])
    attrs = {
        key: value if isinstance(value, (str, int, float)) else json.dumps(value, default=str)
        for key, value in settings.items()
        if value is not None
    }
    return xr.Dataset(variables, coords=coordinates, attrs=attrs)


def _grid(call: SequenceCall, name: str) -> np.ndarray:
    """(layer, direction, time, batch, unit), NaN beyond the end of packed sequences."""
    return _nest([_masked(run, name) for run in call.runs], call.directions)


def _masked(run: LayerRun, name: str) -> np.ndarray:
    value = run.in_input_order(name)
    if run.lengths is not None and value.dim() == 3:
        steps = torch.arange(len(value), device=value.device)[:, None]
        value = value.masked_fill((steps >= run.lengths)[..., None], float("nan"))
    return _numpy(value)


def _nest(values: list[np.ndarray], directions: int) -> np.ndarray:
    """One array for each layer and direction to (layer, direction, ...), copied only if needed."""
    if len(values) == 1:
        return values[0][None, None]
    return np.stack(values).reshape(-1, directions, *values[0].shape)


def _numpy(value: Tensor) -> np.ndarray:
    value = value.detach().cpu()
    return (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()


def _same_batch(pieces: list[np.ndarray], axis: int) -> list[np.ndarray]:
    """Calls with fewer sequences than the others are padded with NaN."""
    if pieces[0].ndim <= axis:
        return pieces
    widest = max(piece.shape[axis] for piece in pieces)
    padded = []
    for piece in pieces:
        widths = [(0, 0)] * piece.ndim
        widths[axis] = (0, widest - piece.shape[axis])
        padded.append(np.pad(piece, widths, constant_values=np.nan) if widths[axis][1] else piece)
    return padded
