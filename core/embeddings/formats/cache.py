"""Vectors once parsed are kept in the user's cache folder, and mapped into memory next time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from core.embeddings.formats.notes import Notes, UnicodeErrors
from core.embeddings.formats.source import Source

FOLDER_VARIABLE = "UNROLLED_CACHE"
MOST_BYTES = 8 << 30
"""What the cache may hold; the files not opened for the longest time go first."""

_VERSION = 2
_ARRAY, _WORDS = "vectors.npy", "words.json"


def cache_folder() -> Path:
    """Where the cache is: ``UNROLLED_CACHE``, else the place the system keeps for caches."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    return base / "unrolled" / "vectors"


def fetch(
    source: Source, limit: int | None, errors: UnicodeErrors
) -> tuple[list[str], list[str], Notes, np.ndarray] | None:
    """Words, duplicates that were left out, notes, and the mapped vectors; None if not kept.

    Something broken in the cache counts as not kept.
    """
    place = _place(source, limit, errors)
    try:
        names = json.loads((place / _WORDS).read_text(encoding="utf-8"))
        array = np.load(place / _ARRAY, mmap_mode="r", allow_pickle=False)
        words, duplicates = names["words"], names["duplicates"]
        notes = Notes.from_json(names["notes"])
        os.utime(place)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if array.ndim != 2 or len(array) != len(words):
        return None
    return words, duplicates, notes, array.view(np.ndarray)


def keep(
    source: Source,
    limit: int | None,
    errors: UnicodeErrors,
    words: list[str],
    duplicates: list[str],
    notes: Notes,
    array: np.ndarray,
) -> None:
    """Keep parsed vectors for the next time. A full or read-only disk is no reason to fail."""
    place = _place(source, limit, errors)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix="new-") as temporary:
            made = Path(temporary) / "entry"
            made.mkdir()
            np.save(made / _ARRAY, array, allow_pickle=False)
            names = json.dumps(
                {"words": words, "duplicates": duplicates, "notes": notes.to_json()},
                ensure_ascii=False,
            )
            (made / _WORDS).write_text(names, encoding="utf-8")
            shutil.rmtree(place, ignore_errors=True)
            # The entry appears whole or not at all.
            made.rename(place)
        _make_room(place.parent, place)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)


def _place(source: Source, limit: int | None, errors: UnicodeErrors) -> Path:
    """The entry of a file in its present state: another size or time is another entry."""
    state = source.path.stat()
    key = [_VERSION, str(source.path.resolve()), state.st_size, state.st_mtime_ns, limit, errors]
    return cache_folder() / hashlib.sha256(json.dumps(key).encode()).hexdigest()[:32]


def _make_room(folder: Path, newest: Path) -> None:
    entries = sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)
    total = 0
    for entry in entries:
        total += sum(file.stat().st_size for file in entry.iterdir())
        if total > MOST_BYTES and entry != newest:
            shutil.rmtree(entry, ignore_errors=True)
