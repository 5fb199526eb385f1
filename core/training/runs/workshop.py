"""Where runs are put in a queue and trained: threads of this program, or a cluster."""

from __future__ import annotations

import os
import secrets
import threading
import time
from concurrent.futures import Executor, Future
from contextlib import ExitStack, suppress

from core.training.runs.folder import STOP, Run, RunStore, server_lock
from core.training.runs.lock import held
from core.training.runs.status import Status, read_status, write_status
from core.training.runs.threads import Threads
from core.training.runs.worker import explained, train_run

WORKERS = 2
SECONDS_TO_CONNECT = 10
RETRIES = 5  # of a run whose worker in a cluster died


def make_executor(closing: ExitStack) -> Executor:
    """Threads, as many as ``UNROLLED_WORKERS`` says, or the cluster of ``UNROLLED_SCHEDULER``.

    The workers of a cluster see the same folder of runs, and are started in the project's
    folder. What is open at the end is closed by ``closing``.
    Raises ValueError for a number of workers that is none, and OSError where the scheduler
    does not answer.
    """
    if scheduler := os.environ.get("UNROLLED_SCHEDULER"):
        from distributed import Client

        try:
            client = Client(scheduler, timeout=SECONDS_TO_CONNECT)
        except (OSError, ValueError) as error:
            raise OSError(
                f"UNROLLED_SCHEDULER is {scheduler}, and nothing answers there ({error}). Start "
                "the scheduler, or unset it to train in this program."
            ) from error
        closing.callback(client.close)
        return client.get_executor(pure=False, retries=RETRIES)
    said = os.environ.get("UNROLLED_WORKERS", str(WORKERS))
    if not said.isdecimal() or int(said) < 1:
        raise ValueError(f"UNROLLED_WORKERS is {said!r}; expected a number of at least 1.")
    return Threads(int(said))


class Workshop:
    """The queue of one program. Any thread may call it.

    executor: where runs are trained; ``make_executor`` when the first one comes.
    """

    def __init__(self, store: RunStore, executor: Executor | None = None) -> None:
        self.store, self._executor = store, executor
        self.name = secrets.token_hex(8)
        self._futures: dict[str, Future] = {}
        self._guard = threading.RLock()
        self._closing, self._living = ExitStack(), False

    def submit(self, run: Run) -> None:
        """Put ``run`` at the end of the queue; it goes on from its newest checkpoint.

        Raises ValueError for a run that is waiting, being trained, finished or damaged, and
        OSError, with the remedy, where its folder cannot be written or no cluster answers.
        """
        with self._guard:
            status = run.status
            if status not in ("new", "stopped", "failed"):
                raise ValueError(f"The run {run.id!r} is {status}; only others can be started.")
            pool = self._pool()
            try:
                self._live()
                (run.folder / STOP).unlink(missing_ok=True)
                write_status(run.folder, Status("queued", server=self.name, order=time.time()))
            except OSError as error:
                raise OSError(error.errno, explained(error)) from error
            future = pool.submit(train_run, run.folder, patience=-1)
            self._futures[run.id] = future
            future.add_done_callback(lambda done: self._ended(run, done))

    resume = submit

    def cancel(self, run: Run) -> None:
        """Stop ``run``: at once where it waits, within a second where it is being trained."""
        with self._guard:
            run.ask_to_stop()
            future = self._futures.get(run.id)
            if future is not None and read_status(run.folder).state == "queued":
                future.cancel()
                write_status(run.folder, Status("stopped"))

    def position(self, run: Run) -> int | None:
        """0 for a run that is being trained, 1 for the next in the queue; None for others."""
        status = run.status
        if status == "running":
            return 0
        if status != "queued":
            return None
        mine = read_status(run.folder).order
        return 1 + sum(
            read_status(other.folder).order < mine
            for other in self.store.runs()
            if other.status == "queued"
        )

    def close(self) -> None:
        """Stop everything and end the program's part in it; for tests and scripts."""
        with self._guard:
            futures = dict(self._futures)
        for id in futures:
            self.cancel(self.store.open(id))
        if self._executor is not None:
            self._executor.shutdown(wait=True)
        self._closing.close()

    def _pool(self) -> Executor:
        if self._executor is None:
            self._executor = make_executor(self._closing)
        return self._executor

    def _live(self) -> None:
        """Hold the lock by which others see that this program's queue is alive."""
        if not self._living:
            lock = server_lock(self.store.folder / "run", self.name)
            lock.parent.mkdir(parents=True, exist_ok=True)
            self._closing.enter_context(held(lock))
            self._living = True

    def _ended(self, run: Run, future: Future) -> None:
        """A worker that could say nothing itself: it was lost, or the disk is full."""
        with self._guard:
            self._futures.pop(run.id, None)
        error = None if future.cancelled() else future.exception()
        if error is not None and run.folder.is_dir():
            with suppress(OSError):  # a folder that takes nothing cannot be told of it
                write_status(run.folder, Status("failed", explained(error)))
