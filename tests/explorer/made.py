"""Recordings made by hand, so that every number in a caption is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from core import Trace

DIMS = ("layer", "direction", "time", "batch", "unit")


def made(
    signals: Mapping[str, np.ndarray],
    *,
    tokens: str | Sequence[str] | None = None,
    prediction: Sequence[Sequence[float]] | None = None,
    classes: Sequence[str] = (),
    **attrs: object,
) -> Trace:
    """A trace of one sequence; each signal is (time, unit) or (layer, direction, time, unit)."""
    data = xr.Dataset({name: (DIMS, grid(values)) for name, values in signals.items()})
    if tokens is not None:
        data = data.assign_coords(token=("time", list(tokens)))
    if prediction is not None:
        values = np.asarray(prediction)[:, None]
        data["prediction"] = (("time", "batch", "class"), values)
        data = data.assign_coords({"class": list(classes)})
    return Trace.of(data.assign_attrs({"kind": "lstm", "proof": 2.5e-7, **attrs}))


def grid(values: np.ndarray) -> np.ndarray:
    """With layer and direction where they are missing, and a batch of one."""
    values = np.asarray(values, dtype=float)
    values = values[None, None] if values.ndim == 2 else values
    return values[:, :, :, None]


def fading(norms: Sequence[float], **more: object) -> Trace:
    """A trace whose gradient for the hidden state has these norms over time."""
    norms = np.asarray(norms, dtype=float)
    units = np.stack([norms * 0.6, norms * 0.8], axis=-1)
    return made({"hidden": np.zeros_like(units), "grad_hidden": units}, **more)
