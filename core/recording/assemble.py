"""From the tensors of a recording to an ``xarray.Dataset`` with named dimensions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from core.recording.errors import RecordingError
from core.recording.layer_run import LayerRun
from core.recording.sequence_call import SequenceCall
from core.recording.sequence_layout import precise
from core.recording.step_loop import StepLoop

if TYPE_CHECKING:
    import xarray as xr

Tokens = Sequence[str] | Mapping[str, Sequence[str]] | None
STEP_DIMS = ("layer", "direction", "time", "batch")
DIRECTIONS = ("forward", "backward")


def tokens_for(path: str, tokens: Tokens, steps: int) -> list[str] | None:
    """The tokens of one module's steps. Raises ValueError unless there is one for each step."""
    given = tokens.get(path) if isinstance(tokens, Mapping) else tokens
    if given is None:
        return None
    if len(given) != steps:
        raise ValueError(
            f"{len(given)} tokens were given for the {steps} steps that {path or 'the model'!r} "
            "was recorded for; give one token for each step, or a dict from each module's path "
            "to its tokens."
        )
    return [str(token) for token in given]


def dataset_of_calls(
    calls: Sequence[SequenceCall], settings: Mapping[str, Any], tokens: list[str] | None
) -> xr.Dataset:
    """All calls of one sequence module, one after another along ``time``."""
    arrays: dict[str, list[np.ndarray]] = {}
    for name in calls[0].runs[0].signals:
        # a call under no_grad has no gradients, and then the whole recording has none
        if not name.startswith("_") and all(name in call.runs[0].signals for call in calls):
            arrays[name] = [_grid(call, name) for call in calls]
    for call in calls:
        for name, values in (
            ("initial_hidden", [run.states[0] for run in call.runs]),
            ("initial_cell", [run.cells[0] for run in call.runs if run.cells is not None]),
        ):
            if values:
                nested = _nest([_numpy(value) for value in values], call.directions)
                arrays.setdefault(name, []).append(nested)
    joined = {
        name: np.stack(_same_batch(pieces, axis=2))
        if name.startswith("initial_")
        else np.concatenate(_same_batch(pieces, axis=3), axis=2)
        for name, pieces in arrays.items()
    }
    call_of_step = np.repeat(np.arange(len(calls)), [call.steps for call in calls])
    return _dataset(joined, call_of_step, settings, tokens)


def dataset_of_loop(
    cells: Sequence[Sequence[StepLoop]], settings: Mapping[str, Any], tokens: list[str] | None
) -> xr.Dataset:
    """Cells that were called step by step, ``cells[layer][direction]``; time counts the calls.

    The backward direction was called from the end of the sequence, so it is turned round.
    """
    loops, directions = [loop for layer in cells for loop in layer], len(cells[0])
    if len({loop.steps for loop in loops}) != 1:
        raise RecordingError("The cells of one network were called different numbers of times.")
    arrays: dict[str, np.ndarray] = {}
    for name in loops[0].signals:
        values = [
            _numpy(loop.in_input_order(name, backward=place % directions == 1))
            for place, loop in enumerate(loops)
        ]
        arrays[name] = _nest(values, directions)
    for name, *starts in zip(_state_names(loops[0]), *(loop.starts() for loop in loops)):
        nested = _nest([_numpy(start) for start in starts], directions)
        arrays[f"initial_{name}"] = np.moveaxis(nested, 2, 0)
    return _dataset(arrays, np.array(loops[0].call_of_step), settings, tokens)


def _state_names(loop: StepLoop) -> tuple[str, ...]:
    return getattr(loop.module, "state_names", ("hidden", "cell"))


def _dataset(
    arrays: Mapping[str, np.ndarray],
    call_of_step: np.ndarray,
    settings: Mapping[str, Any],
    tokens: list[str] | None,
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
        "call_of_step": ("time", call_of_step),
    }
    if tokens is not None:
        coordinates["token"] = ("time", tokens)
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
    return precise(value.detach().cpu()).numpy()


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
