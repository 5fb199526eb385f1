"""Threads that train, and that let their program end."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any

from core.training.runs.worker import PROGRAM_ENDS

SECONDS_TO_STOP = 10.0
PATIENT = 10  # what the priority of a training thread is lowered by


class Threads(Executor):
    """So many pieces of work at once, the others in a queue.

    ``ThreadPoolExecutor`` makes a program that ends wait until all its work is done, which
    with runs of an hour nobody would. Here the runs are asked to stop, and resume later.
    """

    def __init__(self, workers: int) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"run-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()
        atexit.register(self._end)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Put ``fn(*args, **kwargs)`` at the end of the queue."""
        future: Future = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # whoever asks for the result gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        self._queue.put(work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no new work; with ``wait``, return when what is queued is done."""
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
        atexit.unregister(self._end)

    def _work(self) -> None:
        _step_back()
        while (work := self._queue.get()) is not None:
            work()

    def _end(self) -> None:
        PROGRAM_ENDS.set()
        self.shutdown(wait=False)
        for thread in self._threads:
            thread.join(SECONDS_TO_STOP)


def _step_back() -> None:
    """This thread lets others go first, so that pages stay quick while runs train.

    On Linux a thread has a priority of its own; elsewhere it would be the whole program's.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)  # which nobody may raise
        os.setpriority(os.PRIO_PROCESS, thread, max(now, PATIENT))
