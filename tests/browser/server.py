"""The app as a reader starts it, on a free port of this computer."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A running app: its address, and the moment (``time.monotonic``) of the command."""

    url: str
    started: float
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rsplit(":", 1)[1])


@contextmanager
def running_app(
    log: Path,
    *,
    script: str | Path = "explorer/app.py",
    folder: Path = PROJECT,
    patience: float = 60,
) -> Iterator[Server]:
    """``streamlit run explorer/app.py`` until the block ends; what it prints goes to ``log``.

    Another ``script`` can be run from another ``folder``, out of reach of the project's settings.

    Raises RuntimeError, with the end of the log, if it does not answer within ``patience`` seconds.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = {"server.port": port, "server.address": HOST, "server.headless": "true"}
    command += [f"--{name}={value}" for name, value in options.items()]
    started = time.monotonic()
    with log.open("wb") as output:
        # A group of its own, so that ending it ends whatever it has started, and nothing else.
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
        try:
            server = Server(f"http://{HOST}:{port}", started, log, process)
            _wait_until_healthy(server, patience)
            yield server
        finally:
            _end(process)


def free_port() -> int:
    """A port on which nothing listens just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_until_healthy(server: Server, patience: float) -> None:
    while time.monotonic() < server.started + patience:
        try:
            with urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            if server.process.poll() is not None:
                break
        time.sleep(0.02)
    tail = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"The app did not start within {patience:.0f} s; it said:\n{tail}")


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
