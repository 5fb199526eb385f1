"""The curve of a run: one line of JSON for each look at it."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.files import write_whole
from core.training.loop import Snapshot

NAME = "metrics.jsonl"
CHECK = "crc32"
LOST = '{"lost": true}'
NUMBERS = (
    "step",
    "loss",
    "validation_loss",
    "score",
    "gradient_norm",
    "clipped",
    "learning_rate",
    "rate",
    "seconds_left",
)


def metric(snapshot: Snapshot, seconds: float) -> dict[str, Any]:
    """The line for ``snapshot``, after so many seconds of training."""
    return {name: getattr(snapshot, name) for name in NUMBERS} | {"seconds": seconds}


def append(folder: Path, line: Mapping[str, Any]) -> None:
    """Add one line; a killed process leaves at most its last line incomplete.

    Raises ValueError for a number that is not finite.
    """
    text = json.dumps(dict(line), allow_nan=False)
    with (folder / NAME).open("a", encoding="utf-8") as file:
        file.write(_checked(text) + "\n")


def flush(folder: Path) -> None:
    """Wait until everything that was added is on the disk."""
    path = folder / NAME
    if path.exists():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def read(folder: Path) -> tuple[list[dict[str, Any]], str]:
    """Every complete line, and a sentence about damaged ones (empty where there are none)."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return [], ""
    lines, damaged = [], 0
    *complete, _ = text.split("\n")  # what follows the last line break is still being written
    for line in complete:
        found = _parsed(line)
        if found is None:
            damaged += 1
        else:
            lines.append(found)
    return lines, f"{damaged} lines of {NAME} are damaged and left out." if damaged else ""


def cut(folder: Path, step: int, looks: int) -> float:
    """Drop every line after update ``step``; the seconds of training up to there.

    looks: how many lines there were up to that update. For those that are damaged or gone a mark
    stays, so that the curve goes on saying what it lacks.
    """
    lines = [line for line in read(folder)[0] if line["step"] <= step]
    texts = [LOST] * max(0, looks - len(lines)) + [_checked(json.dumps(line)) for line in lines]
    write_whole(folder / NAME, "".join(text + "\n" for text in texts).encode())
    return lines[-1]["seconds"] if lines else 0.0


def _checked(line: str) -> str:
    """The line with a checksum, by which a changed digit is told from a measured one."""
    return f'{line[:-1]}, "{CHECK}": {zlib.crc32(line.encode())}}}'


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and CHECK in found:  # lines of before there was one have none
        del found[CHECK]
        if _checked(json.dumps(found)) != line:
            return None
    fits = isinstance(found, dict) and found.keys() == {*NUMBERS, "seconds"}
    if not fits or not all(_is_number(name, value) for name, value in found.items()):
        return None
    return found


def _is_number(name: str, value: object) -> bool:
    if value is None:
        return name in ("validation_loss", "score")
    return isinstance(value, int | float) and not isinstance(value, bool)
