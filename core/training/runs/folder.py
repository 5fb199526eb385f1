"""A run is a folder, and the store is the folder of all runs."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from core.applications import Applied, load_applied
from core.files import write_whole
from core.training.runs import metrics
from core.training.runs.digests import check_digest, write_digests
from core.training.runs.lock import is_held
from core.training.runs.settings import RunSettings, parse_settings
from core.training.runs.status import Status, last_beat, read_status, write_status

SETTINGS, DATA, LOG, STOP, LOCK = "settings.json", "data.txt", "log.txt", "stop", "lock"
CHECKPOINTS, STATES, MODEL = "checkpoints", "resume", "model.safetensors"
SERVERS = ".servers"
READY = Path(__file__).resolve().parents[3] / "assets" / "runs"
NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
INTERRUPTED = "The program that trained it ended; resume it from its last checkpoint."

RunStatus = Literal["new", "queued", "running", "stopped", "finished", "failed", "damaged"]


def default_folder() -> Path:
    """Where runs are kept: ``UNROLLED_RUNS``, else in the user's folder for data."""
    if named := os.environ.get("UNROLLED_RUNS"):
        return Path(named).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "unrolled" / "runs"


@dataclass(frozen=True)
class Run:
    """One run on disk. Reading one never raises for damage but where it is said; see ``status``.

    The folder holds settings.json, the user's data.txt and digests.json of both, status.json,
    metrics.jsonl, log.txt, checkpoints/ (weights after some updates, for looking back), resume/
    (the last two complete states), and at the end model.safetensors.
    """

    folder: Path

    @property
    def id(self) -> str:
        """Its name in the store and in addresses."""
        return self.folder.name

    @property
    def created(self) -> float:
        """When it was made, in seconds since 1970."""
        for path in (self.folder / SETTINGS, self.folder):
            with suppress(OSError):  # it may be damaged, or deleted just now
                return path.stat().st_mtime
        return 0.0

    @cached_property
    def settings(self) -> RunSettings:
        """What fixes it, without the user's text. Raises ValueError where they are damaged."""
        text = self._text(SETTINGS)
        found = parse_settings(text, f"{self.id}/{SETTINGS}")
        check_digest(self.folder, SETTINGS, text.encode())
        return found

    @property
    def complete_settings(self) -> RunSettings:
        """The same with the user's text, where there is one; ValueError for damage."""
        if not (self.folder / DATA).exists():
            return self.settings
        text = self._text(DATA)
        check_digest(self.folder, DATA, text.encode())
        # Lines end as they did when the run was begun, whatever the file's own ends are.
        return replace(self.settings, data=text.replace("\r\n", "\n").replace("\r", "\n"))

    @property
    def status(self) -> RunStatus:
        """Where it stands. What waits or runs in a program that has died counts as stopped."""
        return self._standing()[0]

    @property
    def problem(self) -> str:
        """What went wrong, in a sentence; empty where nothing did."""
        return self._standing()[1] or metrics.read(self.folder)[1]

    @property
    def heartbeat(self) -> float | None:
        """Seconds since its worker gave the last sign of life."""
        return last_beat(self.folder)

    def metrics(self) -> list[dict[str, Any]]:
        """Its curve: step, loss, validation_loss, score, gradient_norm, clipped, learning_rate,
        rate, seconds_left and seconds, for each look; damaged lines are left out."""
        return metrics.read(self.folder)[0]

    def checkpoints(self) -> list[int]:
        """The updates after which its weights were kept, in order."""
        found = (self.folder / CHECKPOINTS).glob("step-*.safetensors")
        return sorted(int(p.stem[5:]) for p in found if p.stem[5:].isdecimal())

    def applied(self, step: int | None = None) -> Applied:
        """The network as it was after update ``step``, or at the end.

        Raises FileNotFoundError where nothing was kept, and ValueError for a damaged file.
        """
        if step is None:
            return load_applied(self.folder / MODEL)
        return load_applied(checkpoint_path(self.folder, step))

    def log(self) -> str:
        """What its worker said, line by line."""
        path = self.folder / LOG
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def ask_to_stop(self) -> None:
        """Leave a mark that its worker obeys within a second."""
        (self.folder / STOP).touch()

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{self.id}/{name} cannot be read ({error}).") from error

    def _standing(self) -> tuple[RunStatus, str]:
        try:
            _ = self.settings
            status = read_status(self.folder)
        except ValueError as error:
            return "damaged", f"{error} Delete this run, or put the file back."
        except OSError as error:
            return "damaged", f"{self.id} cannot be read ({error})."
        if status.state == "running" and not is_held(self.folder / LOCK):
            return "stopped", INTERRUPTED
        if status.state == "queued" and not is_held(server_lock(self.folder, status.server)):
            return "stopped", INTERRUPTED
        return status.state, status.problem


class RunStore:
    """All runs in one folder.

    folder: where they are; by default ``default_folder()``. It is made when the first run is.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = default_folder() if folder is None else Path(folder)

    def create(self, settings: RunSettings, id: str | None = None) -> Run:
        """A new run that has not begun.

        Raises ValueError for settings that do not fit together, and OSError, with the remedy,
        where the folder cannot be written.
        """
        settings.count_parameters()  # does it all make sense together?
        name = id or _new_id(settings)
        folder = self.folder / _checked(name)
        if folder.exists():
            raise ValueError(f"There is a run {name!r} already; choose another name.")
        try:
            self._write(folder, settings)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise OSError(
                error.errno,
                f"The run cannot be written to {self.folder} ({error.strerror or error}). Make "
                "room there, allow writing, or name another folder in UNROLLED_RUNS.",
            ) from error
        return Run(folder)

    def runs(self) -> list[Run]:
        """Every run, the newest first; damaged ones too, which say so themselves."""
        try:
            entries = [entry for entry in os.scandir(self.folder) if entry.is_dir()]
        except FileNotFoundError:
            return []
        runs = [Run(Path(entry.path)) for entry in entries if NAMED.fullmatch(entry.name)]
        return sorted(runs, key=lambda run: (run.created, run.id), reverse=True)

    def open(self, id: str) -> Run:
        """The run with this name. Raises FileNotFoundError, or ValueError for an odd name."""
        folder = self.folder / _checked(id)
        if not folder.is_dir():
            raise FileNotFoundError(f"There is no run {id!r} in {self.folder}.")
        return Run(folder)

    def delete(self, id: str) -> None:
        """Remove a run and everything in it. Raises ValueError while it waits or runs."""
        run = self.open(id)
        if run.status == "queued" or is_held(run.folder / LOCK):
            raise ValueError(f"The run {id!r} waits or is being trained; stop it first.")
        hidden = run.folder.with_name(f".deleted-{id}-{secrets.token_hex(4)}")
        run.folder.rename(hidden)  # gone at once, even where removing takes a while
        shutil.rmtree(hidden)

    def _write(self, folder: Path, settings: RunSettings) -> None:
        """Everything is complete before the run has its name."""
        made = folder.with_name(f".new-{folder.name}")
        try:
            made.mkdir(parents=True)
            text = json.dumps(settings.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
            contents = {SETTINGS: text.encode()}
            if settings.data is not None:
                contents[DATA] = settings.data.encode()
            for name, content in contents.items():
                write_whole(made / name, content)
            write_digests(made, contents)
            write_status(made, Status())
            made.rename(folder)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            raise


def checkpoint_path(folder: Path, step: int) -> Path:
    """Where the weights after update ``step`` are kept."""
    return folder / CHECKPOINTS / f"step-{step:08d}.safetensors"


def server_lock(folder: Path, server: str) -> Path:
    """What the program called ``server`` holds while it lives."""
    return folder.parent / SERVERS / f"{server or 'nobody'}.lock"


def _new_id(settings: RunSettings) -> str:
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    return f"{now}-{settings.application}-{settings.architecture.cell}-{secrets.token_hex(2)}"


def _checked(id: str) -> str:
    if not NAMED.fullmatch(id):
        raise ValueError(
            f"A run cannot be called {id!r}; expected letters, digits, hyphens and dots."
        )
    return id
