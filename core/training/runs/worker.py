"""What trains a run: from its folder alone, and into its folder alone."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import torch
from torch import nn

from core.applications import Applied, save_applied
from core.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from core.training.loop import Snapshot, Training, train
from core.training.runs import metrics
from core.training.runs.folder import LOCK, LOG, MODEL, STATES, STOP, Run, checkpoint_path
from core.training.runs.lock import PATIENCE, held
from core.training.runs.status import State, Status, beat, write_status

LOOK = 0.2  # seconds between two looks for the stop mark
SECONDS_BETWEEN_STATES = 10.0
STATES_KEPT = 2  # where the newest is damaged, the one before still serves

FAILURES = (ValueError, TypeError, FloatingPointError, OSError, RuntimeError, MemoryError)

PROGRAM_ENDS = threading.Event()  # every run of this program stops when it is set

Report = Callable[[Snapshot], None]


class StopRequestedError(Exception):
    """Somebody asked the run to stop."""


def train_run(
    folder: str | Path, report: Report | None = None, *, patience: float = PATIENCE
) -> State:
    """Train the run in ``folder`` to its end, from its newest checkpoint where there is one.

    What an executor runs, in a thread or in another process; everything that it has to say is
    in the folder. The stop mark is obeyed within a second, except while held-out data are
    measured by something else than a module of the network. ``report`` gets every snapshot.
    Ends as "finished", "stopped" or "failed"; what went wrong is in the run's ``problem``.
    Raises BusyError where another worker still trains it after ``patience`` seconds (-1: this
    one waits, and finds the run finished, or goes on with it), FileNotFoundError for no run.
    """
    run = Run(Path(folder))
    if not run.folder.is_dir():  # the lock would make it again
        raise FileNotFoundError(errno.ENOENT, "No such run", str(run.folder))
    torch.set_num_threads(1)
    with held(run.folder / LOCK, patience):
        if run.status == "finished":
            return "finished"
        try:
            state, problem = _Worker(run, report).train(), ""
        except StopRequestedError:
            state, problem = "stopped", ""
        except FAILURES as error:
            state, problem = "failed", explained(error)
        _say(run.folder, f"{state}. {problem}".strip())
        write_status(run.folder, Status(state, problem))
        if state == "finished":
            shutil.rmtree(run.folder / STATES, ignore_errors=True)  # nothing is left to do
    return state


def explained(error: BaseException) -> str:
    """A sentence for people, with the remedy where one is known."""
    if isinstance(error, MemoryError) or "not enough memory" in str(error):
        return f"The memory is full ({error}). Choose a smaller batch, unroll or hidden size."
    if isinstance(error, OSError):
        return (
            f"A file of the run cannot be written or read ({error}). Make room on the disk or "
            "allow writing, then resume."
        )
    return str(error)


class _Worker:
    """One stretch of training, from a checkpoint to the end or to a stop."""

    def __init__(self, run: Run, report: Report | None) -> None:
        self.folder, self.report = run.folder, report
        self.settings = run.complete_settings
        self._looked = 0.0
        self._stop_if_asked()
        write_status(self.folder, Status("running"))
        _say(self.folder, f"running, process {os.getpid()}")
        self.application = self.settings.make_application()
        self.training = self._begin()
        self.model = self.training.model
        self.seconds = metrics.cut(
            self.folder, self.training.step, self.training.step // self.settings.training.every
        )
        self._watch()

    def train(self) -> State:
        training, kept = self.training, self.settings.kept_steps()
        steps = self.settings.training.steps
        boundary, saved_at = training.checkpoint(), time.monotonic()
        if training.step == 0:
            self._keep(0)
        try:
            started = time.monotonic()
            while training.step < steps:
                snapshot = next(training)
                now = time.monotonic()
                self.seconds, started = self.seconds + now - started, now
                metrics.append(self.folder, metrics.metric(snapshot, round(self.seconds, 3)))
                boundary = training.checkpoint()
                if training.step in kept:
                    self._keep(training.step)
                if now - saved_at > SECONDS_BETWEEN_STATES or training.step in kept:
                    self._save_state(boundary)
                    saved_at = now
                if self.report:
                    self.report(snapshot)
        except StopRequestedError:
            self._save_state(boundary)  # up to the last look: the curve goes on as if unstopped
            raise
        save_applied(self.folder / MODEL, self._applied())
        return "finished"

    def _begin(self) -> Training:
        """From the newest complete state that can be read, else from the first weights."""
        for path in reversed(_states(self.folder)):
            try:
                return self._train(load_checkpoint(path))
            except ValueError as error:
                _say(self.folder, f"{path.name} cannot be used: {error}")
        return self._train(None)

    def _train(self, saved: Checkpoint | None) -> Training:
        model = self.settings.make_network(self.application)
        return train(model, self.application, self.settings.training, resume=saved)

    def _save_state(self, state: Checkpoint) -> None:
        metrics.flush(self.folder)
        save_checkpoint(self.folder / STATES / f"step-{state.step:08d}.safetensors", state)
        for old in _states(self.folder)[:-STATES_KEPT]:
            old.unlink()

    def _keep(self, step: int) -> None:
        save_applied(checkpoint_path(self.folder, step), self._applied())

    def _applied(self) -> Applied:
        lines = metrics.read(self.folder)[0]
        info: dict[str, Any] = {
            "step": self.training.step,
            "steps": self.settings.training.steps,
            "seed": self.settings.training.seed,
            "score": lines[-1]["score"] if lines else None,
        }
        name = self.settings.title or self.folder.name
        return Applied(name, self.application, self.settings.architecture, self.model, info)

    def _watch(self) -> None:
        """Look for the stop mark whenever a module of the network is about to run."""

        def look(module: nn.Module, inputs: Any) -> None:
            self._stop_if_asked()

        for module in self.model.modules():
            module.register_forward_pre_hook(look)

    def _stop_if_asked(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked = now
        stopped = (self.folder / STOP).exists()
        if stopped or PROGRAM_ENDS.is_set():
            raise StopRequestedError
        beat(self.folder)


def _states(folder: Path) -> list[Path]:
    return sorted((folder / STATES).glob("step-*.safetensors"))


def _say(folder: Path, text: str) -> None:
    """Add a line to the log; a full disk does not keep the run from ending in order."""
    line = f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}\n"
    with suppress(OSError), (folder / LOG).open("a", encoding="utf-8") as file:
        file.write(line)
