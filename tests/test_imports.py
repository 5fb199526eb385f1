"""Imports only go down: app -> views -> players, charts -> core, and core has floors too."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What every part of core may import.
BASE = ("encodings", "files", "limits")
# Each part of core, and the parts that it may import besides.
CORE: dict[str, tuple[str, ...]] = {
    "encodings": (),
    "files": (),
    "limits": (),
    "cells": ("files",),
    "networks": ("cells", "files"),
    "recording": ("networks", "cells", "files"),
    "generation": ("recording", "networks", "cells", "files"),
    "tasks": ("recording", "networks", "cells", "files"),
    "gradients": ("recording", "networks", "cells", "files"),
    "applications": ("tasks", "recording", "networks", "cells", "files"),
    "race": ("tasks", "networks", "cells", "files"),
    "training": (
        "applications",
        "tasks",
        "gradients",
        "recording",
        "networks",
        "cells",
        "files",
    ),
    "embeddings": ("tasks", "gradients", "recording", "networks", "cells", "files"),
}
# How high each part of the app stands. Whatever is not named stands between pages and pictures.
FLOORS = {
    "app": 4,
    "views": 3,
    "players": 1,
    "charts": 1,
    "captions": 1,
    "language": 0,
    "address": 0,
    "libraries": 0,
    "once": 0,
    "shared": 0,
    "sizes": 0,
}
BETWEEN = 2
DISPLAY = {"streamlit", "plotly"}


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    """``core.cells.lstm`` for core/cells/lstm.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports anywhere, also inside functions and for types only."""
    package = named(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*start, *(node.module or "").split(".")]).strip(".")
            # ``from core import recording`` imports a module as well
            yield from (f"{source}.{alias.name}" for alias in node.names)


def test_there_is_something_to_read() -> None:
    assert len(files("core")) > 20
    assert len(files("explorer")) > 10
    assert "core.cells.step.Cell" in set(imports(ROOT / "core/cells/lstm.py"))


@pytest.mark.parametrize("path", files("core"), ids=named)
def test_core_only_imports_what_lies_below(path: Path) -> None:
    parts = named(path).split(".")
    if len(parts) == 1:
        return  # core itself, the door to everything in it
    part = parts[1]
    assert part in CORE, f"say in {Path(__file__).name} what core.{part} may import"
    for name in imports(path):
        first, *rest = name.split(".")
        assert first not in {*DISPLAY, "explorer", "tests"}, f"{named(path)} imports {name}"
        if first == "core" and rest:
            # from core itself only what its door offers, which is the recording
            target = "recording" if rest[0] not in CORE else rest[0]
            assert target in (part, *BASE, *CORE[part]), f"{named(path)} imports {name}"


def floor(name: str) -> int:
    """How high in the app a module stands."""
    parts = name.split(".")
    return FLOORS.get(parts[1], BETWEEN) if len(parts) > 1 else 0


@pytest.mark.parametrize("path", files("explorer"), ids=named)
def test_the_app_only_imports_what_lies_below(path: Path) -> None:
    own = named(path)
    for name in imports(path):
        assert not name.startswith("tests"), f"{own} imports {name}"
        if name.startswith("explorer."):
            assert floor(name) <= floor(own), f"{own} imports {name}, which stands above it"
            assert floor(name) != FLOORS["views"] or own == "explorer.app", (
                f"{own} imports the page {name}; what two pages share belongs below both"
            )


@pytest.mark.parametrize("path", files("explorer/charts"), ids=named)
def test_charts_are_pure(path: Path) -> None:
    """A recording goes in and a figure comes out; no page is needed."""
    assert not {name for name in imports(path) if name.split(".")[0] == "streamlit"}


def imported_by(statement: str) -> set[str]:
    """The top-level packages that are loaded after ``statement`` in a new process."""
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "from core import Trace",
        "from core.recording import SIGNALS, Trace",
        "from core.recording.trace_file import load_trace",
    ],
)
def test_a_trace_needs_neither_torch_nor_a_display(statement: str) -> None:
    assert not imported_by(statement) & {"torch", *DISPLAY}


def test_recording_needs_no_display() -> None:
    loaded = imported_by("from core import Recorder, record; import core.networks, core.cells")
    assert "torch" in loaded
    assert not loaded & {*DISPLAY, "sklearn"}
