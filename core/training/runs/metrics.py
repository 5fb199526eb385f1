"""The curve of a run: one line of JSON for each look at it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.files import write_whole
from core.training.loop import Snapshot

NAME = "metrics.jsonl"
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
    text = json.dumps(dict(line), allow_nan=False) + "\n"
    with (folder / NAME).open("a", encoding="utf-8") as file:
        file.write(text)


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


def cut(folder: Path, step: int) -> float:
    """Drop every line after update ``step``; the seconds of training up to there."""
    lines = [line for line in read(folder)[0] if line["step"] <= step]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    write_whole(folder / NAME, text.encode())
    return lines[-1]["seconds"] if lines else 0.0


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    fits = isinstance(found, dict) and found.keys() == {*NUMBERS, "seconds"}
    if not fits or not all(_is_number(name, value) for name, value in found.items()):
        return None
    return found


def _is_number(name: str, value: object) -> bool:
    if value is None:
        return name in ("validation_loss", "score")
    return isinstance(value, int | float) and not isinstance(value, bool)
