"""Work in the background: a few threads, a queue, progress, and a way to stop.

A worker never touches ``st``: it reports to its ``Progress``, which the page reads when it looks.
Jobs have a key made of all their settings, so two readers who ask for the same share one. What
one reader does to a job concerns that reader: whoever stops it no longer sees it, and it goes on
as long as somebody else wants it. The next to be taken up is the oldest of the reader who has the
fewest at work.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.job_limits import Limits, limits
from explorer.once import once

WORKERS = 2
KEPT = 24
"""Ended jobs that are kept; the ones longest not looked at go first."""
PATIENCE_AT_EXIT = 10.0
"""Seconds for which a program that ends waits for a worker to hear that."""
FORGOTTEN_AFTER = 300.0
"""Seconds after which a job that nobody looks at any more is stopped."""


class JobStoppedError(Exception):
    """Raised inside a worker whose job was stopped; it only has to let it through."""


class Progress:
    """What a worker says about its work.

    share: how much is done, from 0 to 1. note: whatever there is to show so far.
    most: seconds that it may be at work. enough: set when the reader wants what there is by now;
    work that can end early with a result looks at it.
    """

    def __init__(self, most: float = float("inf")) -> None:
        self.share = 0.0
        self.note: Any = None
        self.stopped = threading.Event()
        self.enough = threading.Event()
        self.looked = time.monotonic()
        self._most = most
        self._began: float | None = None

    def report(self, share: float, note: Any = None) -> None:
        """Called by the worker now and then; a note of None leaves the last one.

        Raises JobStoppedError when the job was stopped, or when nobody looks at it any more, and
        ValueError when it has been at work for too long.
        """
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        if self.stopped.is_set() or now - self.looked > FORGOTTEN_AFTER:
            self.stopped.set()
            raise JobStoppedError
        if now - self._began > self._most:
            raise ValueError(
                f"This was stopped after {self._most:,.0f} s, the longest that work in the "
                f"background may take here, at {self.share:.0%}. Choose something smaller, or run "
                "it from Python."
            )
        self.share = min(1.0, max(0.0, share))
        if note is not None:
            self.note = note


Work = Callable[[Progress], Any]


def _reader() -> str:
    """Who asks: the session whose page runs in this thread; empty for a script or a worker."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


class Job:
    """One piece of work, as the page sees it."""

    def __init__(self, key: Hashable, work: Work, memory: int, most: float) -> None:
        self.key = key
        self.memory = memory
        self.owner = _reader()
        self.refused = False
        self.progress = Progress(most)
        self._work = work
        self._future: Future[Any] = Future()
        self._looked = {self.owner: time.monotonic()}
        self._left: set[str] = set()

    def look(self) -> Job:
        """Note that the reader of this page wants it."""
        self.progress.looked = self._looked[_reader()] = time.monotonic()
        return self

    def rejoin(self) -> None:
        """Want it again after having stopped it."""
        self._left.discard(_reader())

    def cancel(self) -> None:
        """The reader of this page wants it no more.

        Where nobody else does, the worker stops at its next report, or never starts.
        """
        alone = self.alone
        self._left.add(_reader())
        self._looked.pop(_reader(), None)
        if alone:
            self.progress.stopped.set()
            self._future.cancel()

    @property
    def alone(self) -> bool:
        """Whether nobody but the reader of this page wants it."""
        since = time.monotonic() - FORGOTTEN_AFTER
        seen = dict(self._looked)
        return not any(at > since for reader, at in seen.items() if reader != _reader())

    def end_early(self) -> None:
        """The reader is content with what there is by now; a no where others want the rest."""
        if self.alone:
            self.progress.enough.set()

    def refuse(self, reason: str) -> None:
        """End it before it begins; ``reason`` is for the reader."""
        self.refused = True
        self._future.set_exception(ValueError(reason))

    def run(self) -> None:
        """Do the work; called by one worker."""
        if not self._future.set_running_or_notify_cancel():
            return
        try:
            self.progress.report(0.0)  # it may have been forgotten while it waited for its turn
            result = self._work(self.progress)
        except BaseException as error:
            self._future.set_exception(error)
        else:
            self._future.set_result(result)

    @property
    def running(self) -> bool:
        """Whether it waits for its turn or is at work."""
        return not self._future.done() and not self.cancelled

    @property
    def ended(self) -> bool:
        """Whether nothing will be done for it any more, whoever asks."""
        return self._future.done() or self.progress.stopped.is_set()

    @property
    def waiting(self) -> bool:
        """Whether it waits for its turn."""
        return self.running and not self._future.running()

    @property
    def cancelled(self) -> bool:
        """Whether this reader stopped it, or nobody wanted it any more."""
        return self.progress.stopped.is_set() or _reader() in self._left

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
    """The jobs of one server.

    At most ``bounds.waiting`` wait, and those at work together hold at most ``bounds.memory``
    bytes by their own estimates; one that alone would hold more is refused.
    """

    def __init__(
        self, workers: int = WORKERS, kept: int = KEPT, bounds: Limits | None = None
    ) -> None:
        self._jobs: dict[Hashable, Job] = {}
        self._kept = kept
        self._bounds = limits() if bounds is None else bounds
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._queue: list[Job] = []
        self._active: list[Job] = []
        self._closed = False
        # daemon: work that cannot be stopped must not keep a server that is told to end
        self._workers = [
            threading.Thread(target=self._serve, name=f"job_{number}", daemon=True)
            for number in range(workers)
        ]
        for worker in self._workers:
            worker.start()
        atexit.register(self.close)

    def start(self, key: Hashable, work: Work, *, memory: int = 0) -> Job:
        """The job called ``key``: the one there is, else ``work(progress)`` put in the queue.

        One that was cancelled or forgotten starts again; one that failed does not, since the
        same settings would fail again. ``memory`` is how many bytes it will hold, estimated.
        A job for which there is no room ends at once, with the reason as its ``error``; it can be
        started again.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                job.rejoin()
            if job is None or job.cancelled or job.refused:
                job = Job(key, work, memory, self._bounds.seconds)
                self._jobs[key] = job
                refused = self._bounds.refusal(memory, waiting=len(self._waiting()))
                if refused:
                    job.refuse(refused)
                else:
                    self._queue.append(job)
                    self._work.notify()
                self._forget()
        return job.look()

    def find(self, key: Hashable) -> Job | None:
        """The job called ``key``, if there is one; to look at it keeps it alive."""
        job = self._jobs.get(key)
        return None if job is None else job.look()

    def close(self, seconds: float = PATIENCE_AT_EXIT) -> None:
        """Stop everything, and wait for the workers at most so long each.

        A worker that is inside a library while Python ends can bring the whole process down.
        """
        with self._work:
            self._closed = True
            for job in [*self._queue, *self._active]:
                job.progress.stopped.set()
            self._work.notify_all()
        for worker in self._workers:
            worker.join(seconds)

    def waiting_before(self, key: Hashable) -> int:
        """How many jobs came before this one and wait for their turn, as it does."""
        with self._lock:
            waiting = [job.key for job in self._waiting()]
        return waiting.index(key) if key in waiting else 0

    def _waiting(self) -> list[Job]:
        return [job for job in self._queue if not job.progress.stopped.is_set()]

    def _serve(self) -> None:
        while True:
            with self._work:
                while (job := self._next()) is None:
                    if self._closed:
                        return
                    self._work.wait()
                self._queue.remove(job)
                self._active.append(job)
            try:
                job.run()
            finally:
                with self._work:
                    self._active.remove(job)
                    self._work.notify_all()  # one that needs more memory may fit now
            job = None  # an ended job lives as long as it is kept, not until the next comes

    def _next(self) -> Job | None:
        """The one to be taken up: of the reader with the fewest at work, the oldest that fits."""
        free = self._bounds.memory - sum(job.memory for job in self._active)
        at_work = Counter(job.owner for job in self._active)
        fitting = [job for job in self._queue if job.memory <= free]
        return min(fitting, key=lambda job: at_work[job.owner], default=None)

    def _forget(self) -> None:
        ended = [job for job in self._jobs.values() if job.ended]
        ended.sort(key=lambda job: job.progress.looked)
        for job in ended[: max(0, len(ended) - self._kept)]:
            del self._jobs[job.key]


@once
def jobs() -> Jobs:
    """The one set of jobs of this process."""
    return Jobs()
