"""What a run rests on is what it was made from: digests of its files, taken when it is made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from core.files import write_whole

NAME = "digests.json"


def write_digests(folder: Path, contents: dict[str, bytes]) -> None:
    """Write the SHA-256 of each file's content by its name."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    write_whole(folder / NAME, json.dumps(digests).encode())


def check_digest(folder: Path, name: str, content: bytes) -> None:
    """Raise ValueError unless the file called ``name`` is what the run was made with.

    Runs of before there were digests have none, and pass.
    """
    try:
        known = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        return
    except (ValueError, RecursionError, OSError) as error:
        raise ValueError(f"{folder.name}/{NAME} is damaged ({error}).") from error
    if not isinstance(known, dict) or known.get(name) != hashlib.sha256(content).hexdigest():
        raise ValueError(
            f"{folder.name}/{name} is not what this run was made with: it, or {NAME}, has been "
            "changed since. Put the file back, or start a new run."
        )
