"""What a recording in a file must look like before anything is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.limits import RECORDING_VALUES
from core.recording.signals import SIGNALS

if TYPE_CHECKING:
    import xarray as xr

STEP = ("layer", "direction", "time", "batch")
STEP_NORM = ("layer", "direction", "time")
START = ("call", "layer", "direction", "batch")
PREDICTION = ("time", "batch", "class")
LAST = ("unit", "feature")
LARGEST_INTEGER = 2**53


def check_layout(data: xr.Dataset) -> None:
    """Whether every known signal has its dimensions, and nothing is of a kind that none has.

    Raises ValueError, saying what came and what was expected.
    """
    if "hidden" not in data:
        raise ValueError("it is without hidden states")
    for name in map(str, data.data_vars):
        _check_array(name, data[name])
    for name in map(str, data.coords):
        _check_coordinate(name, data[name])
    if "prediction" in data and "class" not in data.coords:
        raise ValueError("its prediction is without the names of the classes")
    _check_attributes(data.attrs)
    _check_mark(data)


def _check_array(name: str, array: xr.DataArray) -> None:
    dims = tuple(map(str, array.dims))
    if array.dtype.kind != "f":
        raise ValueError(f"its {name[:40]!r} holds {array.dtype} numbers; floats were expected")
    if not 0 < array.size <= RECORDING_VALUES:
        raise ValueError(
            f"its {name[:40]!r} has {array.size:,} numbers; 1 to {RECORDING_VALUES:,} were expected"
        )
    if name == "grad_weight_norm":
        fits, expected = dims == STEP_NORM, STEP_NORM
    elif name == "prediction":
        fits, expected = dims == PREDICTION, PREDICTION
    elif name.startswith("initial_"):
        fits, expected = dims[:-1] == START and dims[-1] in LAST, (*START, "unit")
    elif name in SIGNALS or dims[:1] == ("layer",):
        fits, expected = dims[:-1] == STEP and dims[-1] in LAST, (*STEP, "unit")
        fits = fits or (name not in SIGNALS and dims == STEP_NORM)
    else:
        return
    if not fits:
        raise ValueError(
            f"its {name[:40]!r} has the dimensions {', '.join(dims)[:100]}; expected "
            f"{', '.join(expected)}"
        )


def _check_coordinate(name: str, values: xr.DataArray) -> None:
    kinds = "U" if name in ("token", "class") else "Uiuf"
    dims = {"token": ("time",), "class": ("class",)}.get(name)
    if values.dtype.kind not in kinds or values.ndim > 1 or (dims and values.dims != dims):
        raise ValueError(f"its coordinate {name[:40]!r} is no list of names or numbers")


def _check_attributes(attrs: Mapping[Any, Any]) -> None:
    for name, value in attrs.items():
        is_plain = isinstance(value, str | bool | float)
        is_integer = isinstance(value, int) and abs(value) <= LARGEST_INTEGER
        if not isinstance(name, str) or not (is_plain or is_integer):
            raise ValueError(f"its setting {str(name)[:40]!r} is no text and no usual number")
    proof = attrs.get("proof")
    if isinstance(proof, bool | str | None) or not (np.isfinite(proof) and proof >= 0):
        raise ValueError("it is without a proof")


def _check_mark(data: xr.Dataset) -> None:
    step, signal = data.attrs.get("not_finite_step"), data.attrs.get("not_finite_signal")
    if step is None and signal is None:
        return
    if not (type(step) is int and 0 <= step < data.sizes["time"] and signal in SIGNALS):
        raise ValueError("its mark of numbers that are not finite is at no step")
