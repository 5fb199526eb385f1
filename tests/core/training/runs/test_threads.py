"""An executor as the standard library describes one, but for how it ends."""

from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from core.training.runs.threads import PATIENT, Threads


def test_results_and_errors_come_back():
    pool = Threads(2)
    fine, broken = pool.submit(divmod, 7, 2), pool.submit(divmod, 7, 0)
    assert fine.result(10) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        broken.result(10)
    assert list(pool.map(abs, [-1, 2, -3])) == [1, 2, 3]
    pool.shutdown()


def test_no_more_at_once_than_there_are_threads_and_in_order():
    pool, gate = Threads(2), threading.Event()
    started = []

    def work(number):
        started.append(number)
        gate.wait(10)

    futures = [pool.submit(work, number) for number in range(4)]
    while len(started) < 2:
        time.sleep(0.01)
    assert sorted(started) == [0, 1]
    assert futures[3].cancel()
    gate.set()
    pool.shutdown()
    assert sorted(started) == [0, 1, 2]
    assert futures[2].done()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own here")
def test_they_let_others_go_first():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    pool = Threads(1)
    assert pool.submit(priority).result(10) == max(priority(), PATIENT)
    pool.shutdown()
