"""The app and its reference, each started as its reader would start it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.browser.server import Server, running_app

App = Literal["ours", "plain"]


@contextmanager
def running(app: App) -> Iterator[Server]:
    """Our app with its own settings, or the plain one with the framework's."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        plain = {"script": Path(__file__).with_name("plain.py"), "folder": Path(folder)}
        with running_app(log, **(plain if app == "plain" else {})) as server:
            yield server
