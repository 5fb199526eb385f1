"""Running the players' own modules outside a browser, in node, to see what they would draw."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from explorer.players.bundle import PLAYERS

HERE = Path(__file__).parent


def run_in_node(script: str, given: bytes, folder: Path, *arguments: str) -> Any:
    """What ``script`` (a module beside this file) prints as JSON; ``given`` is its standard input.

    The script imports the players as ``./players/<name>.js``. Skips, and says why, where node
    is missing.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; it runs the players' modules without a browser")
    shutil.copytree(PLAYERS, folder / "players", dirs_exist_ok=True)
    shutil.copy(HERE / script, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    command = [node, str(folder / script), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
