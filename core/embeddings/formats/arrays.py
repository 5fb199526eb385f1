"""Vectors as arrays: ``.npy`` with a word list beside it, and safetensors."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
from safetensors import SafetensorError, deserialize

from core.embeddings.formats.errors import VectorsFileError
from core.embeddings.formats.source import Source, Stream

WORDS, WORD_ENDS, VECTORS = "words", "word_ends", "vectors"
_CHUNK = 16 << 20
_REAL_KINDS = "fiu"
_FLOATS = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}
_LONGEST_HEADER = 10_000
_HEADER = (
    re.compile(r"'descr': *'([<>|=]?[A-Za-z]\d*)'"),
    re.compile(r"'fortran_order': *(True|False)"),
    re.compile(r"'shape': *\(([\d, ]{0,100})\)"),
)


def read_numpy(source: Source, limit: int | None) -> np.ndarray:
    """A two-dimensional array of real numbers as float32; nothing that could run code is read.

    Raises
    ------
    VectorsFileError
        The array has another shape or kind, or is larger than the file.
    """
    with source.open() as stream:
        shape, fortran, kind = _checked_header(source, stream)
        rows = shape[0] if fortran or limit is None else min(limit, shape[0])
        data = _read_exactly(source, stream, rows * shape[1] * kind.itemsize)
    array = np.frombuffer(data, dtype=kind)
    array = array.reshape(shape[::-1]).T if fortran else array.reshape(rows, shape[1])
    return _as_float32(array[:limit])


def numpy_shape(source: Source) -> tuple[int, int]:
    """Rows and numbers in a row, from the first bytes; VectorsFileError as for ``read_numpy``."""
    with source.open() as stream:
        (rows, size), _, _ = _checked_header(source, stream)
    return rows, size


def _checked_header(source: Source, stream: Stream) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    shape, fortran, kind = _numpy_header(source, stream)
    if len(shape) != 2 or kind.kind not in _REAL_KINDS:
        raise VectorsFileError(
            f"{source.path} holds an array of {kind} of shape {shape}; real numbers of shape "
            "(words, size) were expected"
        )
    if shape[0] * shape[1] * kind.itemsize > source.most_bytes or min(shape) < 1:
        raise VectorsFileError(
            f"{source.path} says it has the shape {shape}, which does not fit in its "
            f"{source.bytes_on_disk:,} bytes; it is cut off"
        )
    return shape, fortran, kind


def read_safetensors(source: Source, limit: int | None) -> tuple[list[str] | None, np.ndarray]:
    """Words, if the file holds them, and vectors: the one two-dimensional tensor there is.

    Raises
    ------
    VectorsFileError
        The file is damaged, or it is not clear which tensor is meant.
    """
    try:
        with source.open() as stream:
            tensors = dict(deserialize(_read_all(source, stream)))
    except SafetensorError as error:
        raise VectorsFileError(f"{source.path} is not a safetensors file: {error}") from error
    tables = {
        name: tensor
        for name, tensor in tensors.items()
        if len(tensor["shape"]) == 2 and tensor["dtype"][:1] in "BF" and tensor["dtype"] != "BOOL"
    }
    if len(tables) != 1:
        raise VectorsFileError(
            f"{source.path} has {len(tables)} two-dimensional tensors ({', '.join(tables)[:200]}); "
            "one was expected: save the embedding alone"
        )
    ((name, found),) = tables.items()
    table = _table(source, name, found)
    words = None
    if WORDS in tensors and WORD_ENDS in tensors:
        text, ends = tensors[WORDS], tensors[WORD_ENDS]
        if (text["dtype"], ends["dtype"]) != ("U8", "I64"):
            raise VectorsFileError(f"the words in {source.path} are no bytes with their ends")
        places = np.frombuffer(ends["data"], dtype="<i8")
        words = _unpack_words(source, bytes(text["data"]), places, len(table))[:limit]
    return words, _as_float32(table[:limit])


def pack_words(words: list[str]) -> dict[str, np.ndarray]:
    """Words as two tensors: their UTF-8 bytes in a row, and where each ends."""
    encoded = [word.encode("utf-8") for word in words]
    ends = np.cumsum([len(word) for word in encoded], dtype=np.int64)
    return {WORDS: np.frombuffer(b"".join(encoded), dtype=np.uint8), WORD_ENDS: ends}


def _table(source: Source, name: str, tensor: dict[str, Any]) -> np.ndarray:
    """A tensor of floating-point numbers; bfloat16 is the upper half of a float32."""
    kind, data = tensor["dtype"], tensor["data"]
    if kind == "BF16":
        upper = np.frombuffer(data, dtype="<u2").astype(np.uint32)
        numbers = (upper << 16).view(np.float32)
    elif kind in _FLOATS:
        numbers = np.frombuffer(data, dtype=_FLOATS[kind])
    else:
        raise VectorsFileError(
            f"the tensor {name[:60]!r} in {source.path} holds {kind} numbers; "
            f"{', '.join([*_FLOATS, 'BF16'])} were expected: convert it to float32"
        )
    return numbers.reshape(tensor["shape"])


def _unpack_words(source: Source, data: bytes, ends: np.ndarray, rows: int) -> list[str]:
    places = [0, *ends.tolist()]
    if len(ends) != rows or places != sorted(places) or places[-1] != len(data):
        raise VectorsFileError(f"the words in {source.path} do not match its {rows:,} vectors")
    try:
        return [data[a:b].decode("utf-8") for a, b in pairwise(places)]
    except UnicodeDecodeError as error:
        raise VectorsFileError(f"a word in {source.path} is not UTF-8: {error}") from error


def _numpy_header(source: Source, stream: Stream) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns come first, and kind of number.

    The header is a Python dictionary in print. It is matched, not evaluated, so nothing in it
    can do more than fail to match.
    """
    start = stream.read(8)
    length = int.from_bytes(stream.read(2 if start[6:7] == b"\x01" else 4), "little")
    header = stream.read(min(length, _LONGEST_HEADER)).decode("latin-1")
    found = [pattern.search(header) for pattern in _HEADER]
    if not all(found):
        raise VectorsFileError(
            f"{source.path} is not a .npy file of plain numbers; its header is {header[:200]!r}"
        )
    kind, fortran, shape = (match[1] for match in found if match)
    try:
        dtype = np.dtype(kind)
    except TypeError as error:
        raise VectorsFileError(
            f"{source.path} holds {kind!r}, which numpy does not know"
        ) from error
    return tuple(map(int, re.findall(r"\d+", shape))), fortran == "True", dtype


def _as_float32(array: np.ndarray) -> np.ndarray:
    # What is too large for float32 becomes infinite, and is reported with the infinite rows.
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, dtype=np.float32)


def _read_exactly(source: Source, stream: Stream, count: int) -> bytearray:
    data = bytearray()
    while len(data) < count:
        block = stream.read(min(_CHUNK, count - len(data)))
        if not block:
            raise VectorsFileError(
                f"{source.path} has {len(data):,} of its {count:,} bytes of numbers; it is cut off"
            )
        data += block
    return data


def _read_all(source: Source, stream: Stream) -> bytes:
    if not source.gzipped:
        return source.path.read_bytes()
    data = bytearray()
    while block := stream.read(_CHUNK):
        data += block
    return bytes(data)
