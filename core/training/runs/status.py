"""Where a run stands: one small file, written even where the disk is full."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from core.files import write_whole

State = Literal["new", "queued", "running", "stopped", "finished", "failed"]
STATES = get_args(State)
NAME = "status.json"
ROOM = 2000  # bytes that the file always has, so that it can be written over in its place


@dataclass(frozen=True)
class Status:
    """What was last said of a run.

    problem: why it failed, in a sentence. server: who has it in its queue. order: when it was
    put there, for the place in the queue.
    """

    state: State = "new"
    problem: str = ""
    server: str = ""
    order: float = 0.0


def write_status(folder: Path, status: Status) -> None:
    """Write ``status``; on a full disk over the old one, which takes no new room."""
    values = asdict(status) | {"problem": status.problem[:800]}
    data = json.dumps(values, ensure_ascii=False).encode()
    data += b" " * max(0, ROOM - len(data))
    path = folder / NAME
    try:
        write_whole(path, data)
    except OSError:
        if not path.exists() or path.stat().st_size < len(data):
            raise
        with path.open("r+b") as file:
            file.write(data)


def read_status(folder: Path) -> Status:
    """What ``write_status`` wrote; ValueError for a damaged file, "new" where there is none."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Status()
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{NAME} is damaged ({error}).") from error
    kinds: dict[str, type | tuple[type, ...]] = {
        "state": str,
        "problem": str,
        "server": str,
        "order": (int, float),
    }
    if (
        not isinstance(found, dict)
        or found.keys() != kinds.keys()
        or not all(isinstance(found[key], kind) for key, kind in kinds.items())
        or found["state"] not in STATES
        or not re.fullmatch(r"[\w-]*", found["server"])  # it becomes part of a path
    ):
        raise ValueError(f"{NAME} is damaged: it does not say where the run stands.")
    return Status(**found)


def beat(folder: Path) -> None:
    """Leave the time of the last sign of life."""
    with suppress(FileNotFoundError):
        os.utime(folder / NAME)


def last_beat(folder: Path) -> float | None:
    """Seconds since the last sign of life; None where there was none."""
    try:
        return max(0.0, time.time() - (folder / NAME).stat().st_mtime)
    except FileNotFoundError:
        return None
