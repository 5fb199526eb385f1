"""What the race pages call things, and the grids that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from explorer.language import Texts
from explorer.shared import shared

if TYPE_CHECKING:
    from core.race.grid import Grid


def shipped_grid(plan: str) -> Grid:
    """The finished grid called ``plan``; read again when its file has changed."""
    from core.race.plans import FOLDER

    path = FOLDER / f"{plan}.json"
    return _read(str(path), path.stat().st_mtime_ns)


@shared
def _read(path: str, changed: int) -> Grid:
    from core.race.grid_file import load_grid

    return load_grid(Path(path))


def competitor_name(kind: str, texts: Texts) -> str:
    """A competitor or variant as the pages call it."""
    return texts.section("variant")[kind]


def task_name(task: str, texts: Texts) -> str:
    """A task as the pages call it."""
    return texts(f"memory.task_{task}")


def start_name(start: str, texts: Texts) -> str:
    """A start as the pages call it."""
    return texts.section("start")[start]
