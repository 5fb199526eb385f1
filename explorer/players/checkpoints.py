"""One stage over a whole training: the same text read by the network at every checkpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from safetensors.numpy import load

from explorer.players.payload import Arrays, pack

MOST_CHECKPOINTS = 16
MOST_BYTES = 8_000_000
"""What the browser is sent at most, as far as fewer checkpoints can make it less."""
LEAST_CHECKPOINTS = 4


def over_training(
    payloads: Sequence[bytes],
    updates: Sequence[int],
    leads: Sequence[str],
) -> bytes:
    """One payload out of those of a stage at several checkpoints of one run.

    payloads: the stage of the same text at each checkpoint, as ``explorer.pictures`` makes them.
    updates: how many updates of the weights each checkpoint has behind it, increasing.
    leads: what is said of each checkpoint before the caption computed from its recording.

    Arrays that differ get a leading axis over the checkpoints, and the cursor one more
    coordinate, ``step``. What the panels say is kept for every checkpoint; the order of the rows
    is that of the last one, so that a unit stays where it is. A decoder that runs freely may
    write a text of another length at every checkpoint: the shorter ones end in steps without
    values.

    Raises ValueError without payloads, or for different numbers of them and of ``updates``.
    """
    if not payloads or not len(payloads) == len(updates) == len(leads):
        raise ValueError(
            f"got {len(payloads)} payloads, {len(updates)} numbers of updates and {len(leads)} "
            "leads; expected one of each for every checkpoint"
        )
    opened = [unpack(payload) for payload in payloads]
    steps = max(spec["steps"] for _, spec in opened)
    padded = [_padded(arrays, spec["steps"], steps) for arrays, spec in opened]
    last = opened[-1][1]
    arrays, differing = _stacked(padded)
    tokens = [spec["tokens"] + [""] * (steps - spec["steps"]) for _, spec in opened]
    checkpoints: dict[str, Any] = {"updates": list(updates), "arrays": differing}
    if any(one != tokens[-1] for one in tokens):
        checkpoints["tokens"] = tokens
    panels = _panels([spec["panels"] for _, spec in opened], leads)
    spec = last | {
        "steps": steps,
        "tokens": tokens[-1],
        "panels": panels,
        "checkpoints": checkpoints,
    }
    return pack(arrays, spec)


def thinned(updates: Sequence[int], size: int) -> list[int]:
    """Which checkpoints to show where each takes ``size`` bytes: the first, the last, and others
    between, closer together early, when most happens."""
    fitting = max(LEAST_CHECKPOINTS, MOST_BYTES // max(1, size))
    most = min(MOST_CHECKPOINTS, fitting)
    if len(updates) <= most:
        return list(updates)
    places = np.unique(np.round(np.geomspace(1, len(updates), most)).astype(int) - 1)
    rest = [place for place in range(len(updates)) if place not in places]
    spread = np.round(np.linspace(0, len(rest) - 1, most - len(places))).astype(int)
    chosen = sorted({*places.tolist(), *(rest[at] for at in spread)})
    return [updates[place] for place in chosen]


def unpack(payload: bytes) -> tuple[Arrays, dict[str, Any]]:
    """The arrays and the spec of a payload."""
    size = int.from_bytes(payload[:8], "little")
    header = json.loads(payload[8 : 8 + size])
    return load(payload), json.loads(header["__metadata__"]["spec"])


def _stacked(recordings: Sequence[Arrays]) -> tuple[Arrays, list[str]]:
    """The arrays of all checkpoints as one, and the names of those with the leading axis."""
    arrays: Arrays = {}
    differing = []
    for name, array in recordings[-1].items():
        versions = [recording[name] for recording in recordings if name in recording]
        same = name.startswith("order_") or len(versions) < len(recordings)
        if same or all(np.array_equal(one, array, equal_nan=True) for one in versions):
            arrays[name] = array
        else:
            arrays[name] = np.stack(versions)
            differing.append(name)
    return arrays, differing


def _padded(arrays: Arrays, steps: int, wanted: int) -> Arrays:
    """Arrays of ``steps`` steps of time with steps without values after them."""
    if steps == wanted:
        return arrays
    return {name: _longer(name, array, steps, wanted - steps) for name, array in arrays.items()}


def _longer(name: str, array: np.ndarray, steps: int, more: int) -> np.ndarray:
    axis = _time_axis(name)
    if axis is None or array.ndim <= axis or array.shape[axis] != steps:
        return array
    room = [(0, more if place == axis else 0) for place in range(array.ndim)]
    nothing = np.nan if array.dtype.kind == "f" else -1
    return np.pad(array, room, constant_values=nothing)


def _time_axis(name: str) -> int | None:
    """Where time is in an array of the wire format (see assets/players/recording.js)."""
    if name.startswith(("initial_", "order_")):
        return None
    if name.startswith(("prediction_", "target_")):
        return 0
    return 1 if name.startswith("norms.") else 2


def _panels(
    versions: Sequence[Sequence[dict[str, Any]]],
    leads: Sequence[str],
) -> list[dict[str, Any]]:
    """The panels of the last checkpoint, with what they say at each where that differs."""
    panels = []
    for place, panel in enumerate(versions[-1]):
        said = [
            _said(panels_then[place], lead)
            for panels_then, lead in zip(versions, leads, strict=True)
        ]
        differs = any(one != said[-1] for one in said)
        panels.append(panel | said[-1] | ({"checkpoints": said} if differs else {}))
    return panels


def _said(panel: Mapping[str, Any], lead: str) -> dict[str, Any]:
    options = dict(panel["options"])
    if panel["picture"] == "caption":
        options["parts"] = [lead, *options["parts"]]
    return {"alt": lead + panel["alt"], "options": options}
