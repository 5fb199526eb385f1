"""Ways in which a file can be wrong: bytes, lines, fields, and the insides of signed files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from safetensors import SafetensorError

from tests.fuzz.readers import settings_of

LARGEST = 4 << 20
"""Bytes of an input: a few seconds' work for a reader that takes quadratic time."""

FIELDS = (
    "", " ", "\t", "\n", "\r", "\0", "\u2028", "\x85", "\f", "\ufeff", "\u200f", "\U0001f600",
    "\u0301" * 40, "nan", "inf", "-inf", "1e999", "1e20", "-0", "0" * 5000, "1" * 5000 + "x",
    "9" * 40, "1,5", "1D-5", "#", "# x", "O", "B-", "B-x", "I-y", "-DOCSTART-", "=1+1", "<b>", '"',
    "a\tb", "x" * 70_000, "中" * 2000, "1 " * 3000, ": section", "NA", "⏎",
)  # fmt: skip
BYTES = (b"\xff", b"\xc3\x28", b"\xe4\xb8", b"\xed\xa0\x80", b"\x80\x04", b"\x1f\x8b", b"\0" * 9)
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**9, 2**63, 10**400, 1e308, float("nan"), "", "x" * 10_000, "\ud800",
    [], {}, [1] * 1000, {"a": {"b": 1}}, ["time"], "lstm", "hidden",
)  # fmt: skip

Mutation = Callable[[bytes, Random], bytes]


def cut(data: bytes, rng: Random) -> bytes:
    """Leave a part out."""
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.choice((1, 2, 7, 64, len(data))) :]


def flip(data: bytes, rng: Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def put(data: bytes, rng: Random) -> bytes:
    """Put in a hostile field or bytes that are no text."""
    start = rng.randrange(len(data) + 1)
    piece = rng.choice(BYTES) if rng.random() < 0.3 else rng.choice(FIELDS).encode()
    return data[:start] + piece + data[start:]


def repeat(data: bytes, rng: Random) -> bytes:
    """Repeat a piece many times: long lines, deep nesting, many rows."""
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 2, 5, 40, 400))]
    most = LARGEST // max(1, len(piece))
    return data[:start] + piece * rng.choice((2, 50, min(5000, most), most)) + data[start:]


def exchange_field(data: bytes, rng: Random) -> bytes:
    """Another content between two separators."""
    separator = rng.choice((b" ", b"\t", b",", b";", b"\n"))
    fields = data.split(separator)
    fields[rng.randrange(len(fields))] = rng.choice(FIELDS).encode()
    return separator.join(fields)


def shuffle_lines(data: bytes, rng: Random) -> bytes:
    """Lines twice, out of order, or without their ends."""
    lines = data.split(b"\n")
    chosen = rng.choices(lines, k=len(lines))
    return rng.choice((b"\n", b"\r", b"\r\n", b"\n\n", b"")).join(chosen)


def recode(data: bytes, rng: Random) -> bytes:
    """The same text in another encoding."""
    text = data.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-16-le", "utf-32", "gb18030", "latin-1")), "replace"
    )


def pack(data: bytes, rng: Random) -> bytes:
    """Gzipped, perhaps twice, perhaps very much of it."""
    if rng.random() < 0.2:
        return gzip.compress(data[:64] * (20 * LARGEST // 64), 1)
    packed = gzip.compress(data, 1)
    return gzip.compress(packed, 1) if rng.random() < 0.1 else packed


def resign(data: bytes, rng: Random) -> bytes:
    """A recording or network whose description is changed and signed again, so that it is read."""
    try:
        header, body = settings_of(data)
        metadata = header["__metadata__"]
        key = "trace" if "trace" in metadata else "header"
        told = json.loads(metadata[key])
    except (ValueError, KeyError, TypeError, RecursionError):
        return flip(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        _change(told, rng)
    text = json.dumps(told)
    if rng.random() < 0.05:
        text = "[" * 100_000 + "]" * 100_000
    metadata[key] = text
    try:
        metadata["digest"] = _digest(key, header, body, text)
    except (SafetensorError, ValueError, KeyError):  # the body was cut before: nothing to sign
        return flip(data, rng)
    said = json.dumps(header).encode()
    return len(said).to_bytes(8, "little") + said + body


def _change(told: Any, rng: Random) -> None:
    """Another value somewhere inside, or none."""
    while isinstance(told, dict | list) and told:
        places = list(told) if isinstance(told, dict) else list(range(len(told)))
        place = rng.choice(places)
        if rng.random() < 0.4 or not isinstance(told[place], dict | list) or not told[place]:
            if rng.random() < 0.2:
                del told[place]
            else:
                told[place] = deepcopy(rng.choice(VALUES))
            return
        told = told[place]


def _digest(key: str, header: dict[str, Any], body: bytes, text: str) -> str:
    """What the file would say if its maker had written it so."""
    from safetensors.numpy import load
    from safetensors.torch import load as load_torch

    from core.networks import tensor_file
    from core.recording import trace_file

    plain = json.dumps(header).encode()
    whole = len(plain).to_bytes(8, "little") + plain + body
    if key == "trace":
        return trace_file._digest(load(whole), text)
    return tensor_file._digest(load_torch(whole), text)


ANY: tuple[Mutation, ...] = (cut, flip, put, repeat, exchange_field, shuffle_lines, recode, pack)
SIGNED: tuple[Mutation, ...] = (resign, resign, resign, resign, cut, flip, repeat)


def mutate(data: bytes, rng: Random, *, signed: bool) -> bytes:
    """One to three of these, one upon the other."""
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        data = rng.choice(SIGNED if signed else ANY)(data, rng)[: 6 * LARGEST]
    return data
