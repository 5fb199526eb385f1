"""From a recording to the bytes that the browser-side players read.

The wire format is a safetensors file: arrays without the batch, and the spec (what to show,
where, and in which language) as JSON in the header. ``assets/players/recording.js`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from safetensors.numpy import save

from core import Trace
from core.limits import ORDERED_UNITS

Arrays = dict[str, np.ndarray]
GUESSES = 5


def pack(arrays: Mapping[str, np.ndarray], spec: Mapping[str, Any]) -> bytes:
    """One payload out of arrays and spec."""
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(plain, {"spec": json.dumps(spec, ensure_ascii=False)})


def signal_arrays(trace: Trace, names: Iterable[str]) -> Arrays:
    """Signals of the first sequence as (layer, direction, time, unit); missing ones are left out.

    The states before the first step, ``initial_*``, come as (layer, direction, unit).
    """
    arrays: Arrays = {}
    for name in names:
        if name not in trace:
            continue
        values = trace[name].values
        first = values[0, :, :, 0] if name.startswith("initial_") else values[:, :, :, 0]
        arrays[name] = first.astype(np.float32)
    return arrays


def gradient_norms(trace: Trace) -> Arrays:
    """Norm over units of the total gradients: (layer, direction, time)."""
    arrays: Arrays = {}
    for name in ("grad_hidden", "grad_cell"):
        if name in trace:
            norms = np.linalg.norm(trace[name].values[:, :, :, 0], axis=-1)
            arrays[f"{name}_norm"] = norms.astype(np.float32)
    return arrays


def predictions(trace: Trace) -> Arrays:
    """The top guesses after each step, and the probability of what really came next."""
    if "prediction" not in trace:
        return {}
    prediction = trace["prediction"].values[:, 0]
    count = min(GUESSES, prediction.shape[-1])
    index = np.argsort(-prediction, axis=-1, kind="stable")[:, :count]
    return {
        "prediction_index": index.astype(np.int32),
        "prediction_probability": np.take_along_axis(prediction, index, -1).astype(np.float32),
        "target_probability": target_probability(trace).astype(np.float32),
    }


def reads_on(trace: Trace) -> bool:
    """Whether step t predicts token t + 1; else it says something about step t itself."""
    return trace.settings.get("predicts", "next") == "next"


def target_probability(trace: Trace) -> np.ndarray:
    """Probability that was given to the token that really came next: (time,).

    NaN where there is no answer: after the last step, for tokens the model does not know, and
    where something else than the next token is predicted.
    """
    prediction = trace["prediction"].values[:, 0]
    tokens = (trace.tokens or []) if reads_on(trace) else []
    place = {token: index for index, token in enumerate(trace.data["class"].values.tolist())}
    found = np.full(len(prediction), np.nan)
    for time, token in enumerate(tokens[1:]):
        if token in place:
            found[time] = prediction[time, place[token]]
    return found


def similarity_orders(trace: Trace, names: Iterable[str]) -> Arrays:
    """For each signal, units ordered so that rows that behave alike are neighbours.

    Leaves of an average-linkage tree over the Euclidean distance of the rows, each scaled to
    unit length, so that the shape over time counts and not the size. Of more than
    ``ORDERED_UNITS`` units, for which the tree would take gigabytes, the order along the first
    left singular vector of these rows. What is not finite counts as 0.
    """
    orders: Arrays = {}
    for name in names:
        values = np.nan_to_num(trace[name].values[:, :, :, 0], posinf=0.0, neginf=0.0)
        order = np.zeros((*values.shape[:2], values.shape[-1]), dtype=np.int32)
        for layer, direction in np.ndindex(values.shape[:2]):
            rows = values[layer, direction].T
            rows = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-30)
            rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
            order[layer, direction] = _alike(rows)
        orders[f"order_{name}"] = order
    return orders


def is_wide(trace: Trace) -> bool:
    """Whether the units are too many to be ordered by a tree."""
    return trace["hidden"].shape[-1] > ORDERED_UNITS


def _alike(rows: np.ndarray) -> np.ndarray:
    """An order of rows in which alike ones are neighbours."""
    if len(rows) > ORDERED_UNITS:
        # The eigenvectors of the small side: steps are far fewer than units here.
        _, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
        return np.argsort(rows @ directions[:, -1], kind="stable")
    from scipy.cluster.hierarchy import leaves_list, linkage

    return leaves_list(linkage(rows, "average")) if len(rows) > 1 else np.zeros(1, dtype=int)
