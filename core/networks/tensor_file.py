"""One safetensors file of named tensors and a JSON header, written whole and read with care."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.files import write_whole

MAX_BYTES = 512 * 2**20


def write_tensors(
    path: str | Path, kind: str, version: int, tensors: Mapping[str, Tensor], header: Mapping
) -> Path:
    """Write ``tensors`` and ``header`` to ``path``; a reader sees the old file or the new one.

    The header must be plain JSON. A digest of tensors and header is kept beside them, so that
    damage is noticed on reading. Raises TypeError for a header that JSON cannot hold.
    """
    path = Path(path)
    plain = {name: t.detach().cpu().contiguous() for name, t in sorted(tensors.items())}
    text = json.dumps(header, ensure_ascii=False, allow_nan=False)
    metadata = {
        "format": kind,
        "version": str(version),
        "header": text,
        "digest": _digest(plain, text),
    }
    write_whole(path, save(plain, metadata))
    return path


def read_tensors(
    path: str | Path, kind: str, version: int, *, max_bytes: int = MAX_BYTES
) -> tuple[dict[str, Tensor], dict]:
    """Tensors and header of a file that ``write_tensors`` wrote with the same ``kind``.

    Nothing in the file is ever run. The digest finds damage; it is no signature.
    Raises FileNotFoundError, and ValueError for a file that is too large, truncated, altered,
    of another kind or of a newer version; the message says what to do.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > max_bytes:
        raise ValueError(
            f"{path.name} has {size:,} bytes; expected at most {max_bytes:,}. "
            "Save a smaller model, or read it with a larger max_bytes if you trust it."
        )
    data = path.read_bytes()
    try:
        tensors = load(data)
    except (SafetensorError, KeyError) as error:  # KeyError: a dtype that torch does not have
        raise ValueError(
            f"{path.name} is not a complete safetensors file ({error}). "
            "Copy or download it again, or save it again with this project."
        ) from error
    metadata = _metadata(data)
    _check_kind(path.name, metadata, kind, version)
    text = metadata.get("header", "")
    if metadata.get("digest") != _digest(tensors, text):
        raise ValueError(
            f"{path.name} was altered after it was saved: its digest does not fit its content. "
            "Copy or download it again, or save it again with this project."
        )
    return tensors, parse_json_object(path.name, text)


def parse_json_object(name: str, text: str) -> dict:
    """The JSON object in ``text``; a ValueError that names the file otherwise."""
    try:
        header = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"The header of {name} is not JSON ({error}); save it again.") from error
    if not isinstance(header, dict):
        raise ValueError(f"The header of {name} is {type(header).__name__}; expected an object.")
    return header


def _metadata(data: bytes) -> dict[str, str]:
    """The metadata of a file that ``load`` has already accepted."""
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]).get("__metadata__") or {}


def _check_kind(name: str, metadata: Mapping[str, str], kind: str, version: int) -> None:
    found, number = metadata.get("format"), metadata.get("version", "")
    if found != kind:
        what = f"a {found!r} file" if found else "a safetensors file of another program"
        raise ValueError(f"{name} is {what}; expected {kind!r}. Choose a file of that kind.")
    if not number.isdecimal() or not 1 <= int(number[:9]) <= version:
        raise ValueError(
            f"{name} has version {number[:20]!r} of the format {kind!r}; this project reads 1 to "
            f"{version}. Use a newer release of the project, or save the file again."
        )


def _digest(tensors: Mapping[str, Tensor], header: str) -> str:
    """SHA-256 over the header and every tensor's name, type, shape and bytes."""
    digest = hashlib.sha256(header.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"\0{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
