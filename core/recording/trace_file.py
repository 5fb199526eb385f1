"""One ``.safetensors`` file for a recording: arrays, dimensions, tokens, settings, proof.

The file holds no code and is read without torch. Everything that is not an array is one JSON
text in the header, with a digest over the arrays and that text, so an altered file is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.files import write_whole
from core.limits import RECORDING_JSON_BYTES
from core.recording.trace_layout import check_layout

if TYPE_CHECKING:
    import xarray as xr

FORMAT = "unrolled-trace"
VERSION = 1


def trace_bytes(data: xr.Dataset) -> bytes:
    """The whole file that ``save_trace`` writes."""
    arrays = {str(name): np.ascontiguousarray(data[name].values) for name in data.data_vars}
    description = json.dumps(
        {
            "dims": {str(name): [str(dim) for dim in data[name].dims] for name in data.data_vars},
            "coords": {
                str(name): {
                    "dims": [str(dim) for dim in data[name].dims],
                    "values": data[name].values.tolist(),
                }
                for name in data.coords
            },
            "attrs": {str(key): _plain(value) for key, value in data.attrs.items()},
        }
    )
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "trace": description,
        "digest": _digest(arrays, description),
    }
    return save(arrays, metadata)


def save_trace(data: xr.Dataset, path: Path) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    write_whole(path, trace_bytes(data))


def load_trace(path: Path) -> xr.Dataset:
    """The dataset in ``path``.

    Raises FileNotFoundError where there is no file, and ValueError for one that is
    truncated, altered, of another kind, or of a newer version, saying which.
    """
    import xarray as xr

    if not path.is_file():
        raise FileNotFoundError(f"There is no recording at {path}.")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            _check_kind(metadata, path)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, TypeError, ValueError) as error:
        # TypeError and ValueError: a number format that numpy does not have, such as bfloat16.
        raise ValueError(
            f"{path.name} is not a whole .safetensors file ({error}). It may be truncated or of "
            "another kind; save the recording again with trace.save(...)."
        ) from error
    description = metadata.get("trace", "")
    if len(description) > RECORDING_JSON_BYTES:
        raise ValueError(
            f"The description in {path.name} has {len(description):,} characters; at most "
            f"{RECORDING_JSON_BYTES:,} are read. Record fewer steps."
        )
    if metadata.get("digest") != _digest(arrays, description):
        raise ValueError(
            f"{path.name} was altered after it was saved: its contents do not match its digest. "
            "Save the recording again with trace.save(...)."
        )
    try:
        meta = json.loads(description)
        coords = {name: (coord["dims"], coord["values"]) for name, coord in meta["coords"].items()}
        variables = {name: (meta["dims"][name], array) for name, array in arrays.items()}
        data = xr.Dataset(variables, coords=coords, attrs=meta["attrs"])
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        RecursionError,
        OverflowError,
    ) as error:
        raise ValueError(
            f"{path.name} calls itself a recording but is without hidden states, a proof or named "
            "dimensions; expected a file that trace.save(...) wrote."
        ) from error
    try:
        check_layout(data)
    except ValueError as error:
        raise ValueError(
            f"{path.name} calls itself a recording, but {error}; expected a file that "
            "trace.save(...) wrote."
        ) from error
    return data


def _check_kind(metadata: Mapping[str, str], path: Path) -> None:
    if metadata.get("format") != FORMAT:
        raise ValueError(
            f"{path.name} is a .safetensors file but not a recording; expected a file that "
            "trace.save(...) wrote."
        )
    version = metadata.get("version", "")
    if version != str(VERSION):
        raise ValueError(
            f"{path.name} is a recording of version {version!r}; this program reads version "
            f"{VERSION}. Update the program, or save the recording again with this one."
        )


def _digest(arrays: Mapping[str, np.ndarray], description: str) -> str:
    digest = hashlib.sha256(description.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.data)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
