"""Work in the background: a few threads, progress, intermediate results, and a way to stop.

A worker never touches ``st``: it reports to its ``Progress``, which the page reads when it looks.
Jobs have a key made of all their settings, so two readers who ask for the same share one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from explorer.once import once

WORKERS = 2
KEPT = 24
"""Ended jobs that are kept; the ones longest not looked at go first."""
FORGOTTEN_AFTER = 300.0
"""Seconds after which a job that nobody looks at any more is stopped."""


class JobStoppedError(Exception):
    """Raised inside a worker whose job was stopped; it only has to let it through."""


class Progress:
    """What a worker says about its work.

    share: how much is done, from 0 to 1. note: whatever there is to show so far.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.note: Any = None
        self.stopped = threading.Event()
        self.looked = time.monotonic()

    def report(self, share: float, note: Any = None) -> None:
        """Called by the worker now and then; a note of None leaves the last one.

        Raises JobStoppedError when the job was stopped, or when nobody looks at it any more.
        """
        if self.stopped.is_set() or time.monotonic() - self.looked > FORGOTTEN_AFTER:
            self.stopped.set()
            raise JobStoppedError
        self.share = min(1.0, max(0.0, share))
        if note is not None:
            self.note = note


Work = Callable[[Progress], Any]


class Job:
    """One piece of work, as the page sees it."""

    def __init__(self, key: Hashable, work: Work, pool: ThreadPoolExecutor) -> None:
        self.key = key
        self.progress = Progress()
        self._future: Future[Any] = pool.submit(_run, work, self.progress)

    def cancel(self) -> None:
        """Ask the worker to stop; it does at its next report, or never starts."""
        self.progress.stopped.set()
        self._future.cancel()

    @property
    def running(self) -> bool:
        """Whether it waits for its turn or is at work."""
        return not self._future.done() and not self.cancelled

    @property
    def waiting(self) -> bool:
        """Whether it waits for its turn."""
        return self.running and not self._future.running()

    @property
    def cancelled(self) -> bool:
        """Whether somebody stopped it, or nobody wanted it any more."""
        return self.progress.stopped.is_set()

    @property
    def done(self) -> bool:
        """Whether there is a result."""
        return not self.cancelled and self._future.done() and self._future.exception() is None

    @property
    def error(self) -> str | None:
        """What the reader can do better, if that is why there is no result (a ValueError)."""
        if self.cancelled or not self._future.done():
            return None
        error = self._future.exception()
        return str(error) if isinstance(error, ValueError) else None

    @property
    def result(self) -> Any:
        """The result, or None while there is none; a mistake of the program is raised here."""
        if self.cancelled or not self._future.done() or self.error is not None:
            return None
        return self._future.result()

    def wait(self, seconds: float) -> Job:
        """Wait until it has ended, at most so long."""
        self._future.exception(seconds)
        return self


class Jobs:
    """The jobs of one server."""

    def __init__(self, workers: int = WORKERS, kept: int = KEPT) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._jobs: dict[Hashable, Job] = {}
        self._kept = kept
        self._lock = threading.Lock()

    def start(self, key: Hashable, work: Work) -> Job:
        """The job called ``key``: the one there is, else ``work(progress)`` handed to a worker.

        One that was cancelled or forgotten starts again; one that failed does not, since the
        same settings would fail again.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.cancelled:
                job = self._jobs[key] = Job(key, work, self._pool)
                self._forget()
        return self._looked_at(job)

    def find(self, key: Hashable) -> Job | None:
        """The job called ``key``, if there is one; to look at it keeps it alive."""
        job = self._jobs.get(key)
        return None if job is None else self._looked_at(job)

    def waiting_before(self, key: Hashable) -> int:
        """How many jobs will be taken up before this one, which waits for its turn too."""
        waiting = [job.key for job in list(self._jobs.values()) if job.waiting]
        return waiting.index(key) if key in waiting else 0

    def _forget(self) -> None:
        ended = [job for job in self._jobs.values() if not job.running]
        ended.sort(key=lambda job: job.progress.looked)
        for job in ended[: max(0, len(ended) - self._kept)]:
            del self._jobs[job.key]

    @staticmethod
    def _looked_at(job: Job) -> Job:
        job.progress.looked = time.monotonic()
        return job


@once
def jobs() -> Jobs:
    """The one set of jobs of this process."""
    return Jobs()


def _run(work: Work, progress: Progress) -> Any:
    progress.report(0.0)  # it may have been forgotten while it waited for its turn
    return work(progress)
