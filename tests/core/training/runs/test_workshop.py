"""The queue: bounded, in order, with its positions; cancelled, resumed, and outlived."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from core.training.runs import workshop as workshop_module
from core.training.runs.folder import LOCK, STATES
from core.training.runs.lock import held
from core.training.runs.status import Status, read_status, write_status
from core.training.runs.threads import Threads
from core.training.runs.worker import train_run
from core.training.runs.workshop import Workshop
from tests.core.training.runs.conftest import adding, curve, same_weights

ROOT = Path(__file__).resolve().parents[4]


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


class Waiting(Executor):
    """Takes work and does none, until it is asked to."""

    def __init__(self) -> None:
        self.work: list[tuple] = []

    def submit(self, fn, *args, **kwargs):
        future: Future = Future()
        self.work.append((future, fn, args, kwargs))
        return future

    def next(self) -> None:
        future, fn, args, kwargs = self.work.pop(0)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(fn(*args, **kwargs))
        except RuntimeError as error:
            future.set_exception(error)

    def shutdown(self, wait=True, *, cancel_futures=False):
        for future, *_ in self.work:
            future.cancel()


def long(seed=0):
    return adding(steps=1_000_000, every=1_000_000, validate=1_000_000, seed=seed)


@pytest.fixture
def workshop(store):
    made = Workshop(store, Waiting())
    yield made
    made.close()


def test_positions_count_from_those_who_came_first(store, workshop):
    runs = [store.create(adding(steps=5, seed=seed)) for seed in range(3)]
    assert [workshop.position(run) for run in runs] == [None, None, None]
    for run in (runs[1], runs[2], runs[0]):
        workshop.submit(run)
    assert [workshop.position(run) for run in runs] == [3, 1, 2]
    assert {run.status for run in runs} == {"queued"}
    workshop._executor.next()
    assert [run.status for run in runs] == ["queued", "finished", "queued"]
    assert [workshop.position(run) for run in runs] == [2, None, 1]


def test_a_waiting_run_is_cancelled_at_once_and_those_behind_move_up(store, workshop):
    runs = [store.create(adding(steps=5, seed=seed)) for seed in range(3)]
    for run in runs:
        workshop.submit(run)
    workshop.cancel(runs[0])
    assert runs[0].status == "stopped"
    assert [workshop.position(run) for run in runs] == [None, 1, 2]
    workshop._executor.next()
    assert runs[0].metrics() == []
    workshop.submit(runs[0])
    assert workshop.position(runs[0]) == 3


def test_only_so_many_run_at_once_and_a_running_one_is_cancelled_within_a_second(store):
    workshop = Workshop(store, Threads(2))
    runs = [store.create(long(seed)) for seed in range(3)]
    for run in runs:
        workshop.submit(run)
    until(lambda: runs[0].checkpoints() and runs[1].checkpoints())
    assert [workshop.position(run) for run in runs] == [0, 0, 1]
    workshop.cancel(runs[0])
    until(lambda: runs[0].status == "stopped", seconds=10)
    until(lambda: workshop.position(runs[2]) == 0)
    workshop.close()
    assert {run.status for run in runs} == {"stopped"}


def test_a_cancelled_run_is_resumed_to_the_end_of_an_uninterrupted_one(store):
    whole, run = store.create(adding(steps=150)), store.create(adding(steps=150))
    train_run(whole.folder)
    workshop = Workshop(store, Threads(1))
    workshop.submit(run)
    until(lambda: len(run.metrics()) > 5)
    workshop.cancel(run)
    until(lambda: run.status in ("stopped", "finished"))
    assert run.status == "stopped"
    workshop.resume(run)
    until(lambda: run.status == "finished")
    workshop.close()
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


def test_what_waits_or_runs_cannot_be_started_twice(store, workshop):
    run = store.create(adding(steps=5))
    workshop.submit(run)
    with pytest.raises(ValueError, match="is queued"):
        workshop.submit(run)
    workshop._executor.next()
    with pytest.raises(ValueError, match="is finished"):
        workshop.submit(run)


def test_runs_of_a_program_that_died_are_stopped_and_can_be_resumed(store, workshop):
    """Nobody holds the locks of a program that was killed."""
    waited, ran = store.create(adding(steps=5)), store.create(adding(steps=5))
    write_status(waited.folder, Status("queued", server="long-dead", order=1.0))
    write_status(ran.folder, Status("running"))
    for run in (waited, ran):
        assert run.status == "stopped"
        assert "resume" in run.problem
        assert workshop.position(run) is None
        workshop.resume(run)
        workshop._executor.next()
        assert run.status == "finished"


def test_a_running_run_is_seen_from_another_program(store):
    run = store.create(adding(steps=5))
    write_status(run.folder, Status("running"))
    with held(run.folder / LOCK):
        assert run.status == "running"
        assert Workshop(store).position(run) == 0
        assert run.heartbeat < 60


def test_a_worker_that_is_lost_without_a_word_leaves_a_failed_run(store, workshop):
    run = store.create(adding(steps=5))
    workshop.submit(run)
    future, *_ = workshop._executor.work.pop()
    future.set_exception(RuntimeError("the worker was killed six times"))
    assert run.status == "failed"
    assert "killed six times" in run.problem
    workshop.submit(run)  # and it may be tried again
    assert read_status(run.folder).state == "queued"


def test_one_damaged_run_does_not_keep_the_queue_from_moving(store, workshop):
    first, second = store.create(adding(steps=5)), store.create(adding(steps=5))
    workshop.submit(first)
    workshop.submit(second)
    (first.folder / "settings.json").write_text("rubbish")
    (store.folder / "not-a-run").mkdir()
    broken = store.open(first.id)
    assert broken.status == "damaged"
    assert workshop.position(second) == 1
    workshop._executor.next()
    workshop._executor.next()
    assert second.status == "finished"
    with pytest.raises(ValueError, match="is damaged"):
        workshop.submit(broken)


@pytest.mark.parametrize("said", ["0", "-1", "two"])
def test_a_number_of_workers_that_is_none_is_refused(store, monkeypatch, said):
    monkeypatch.setenv("UNROLLED_WORKERS", said)
    monkeypatch.delenv("UNROLLED_SCHEDULER", raising=False)
    run = store.create(adding(steps=5))
    with pytest.raises(ValueError, match="UNROLLED_WORKERS"):
        Workshop(store).submit(run)
    assert run.status == "new"


def test_many_threads_may_submit(store, workshop):
    runs = [store.create(adding(steps=5, seed=seed)) for seed in range(8)]
    threads = [threading.Thread(target=workshop.submit, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(workshop.position(run) for run in runs) == list(range(1, 9))


def test_a_waiting_run_is_not_deleted_but_a_cancelled_one_is_and_stays_away(store, workshop):
    run = store.create(adding(steps=5))
    workshop.submit(run)
    with pytest.raises(ValueError, match="stop it first"):
        store.delete(run.id)
    workshop.cancel(run)
    store.delete(run.id)
    workshop._executor.next()
    assert store.runs() == []


def test_a_run_that_vanished_does_not_come_back_as_a_ghost(store, workshop):
    run = store.create(adding(steps=5))
    workshop.submit(run)
    shutil.rmtree(run.folder)
    future, fn, args, kwargs = workshop._executor.work.pop()
    with pytest.raises(OSError, match="No such run") as caught:
        fn(*args, **kwargs)
    future.set_exception(caught.value)
    assert store.runs() == []


def test_a_folder_that_takes_nothing_is_said_with_the_remedy(store, workshop, monkeypatch):
    run, other = store.create(adding(steps=5)), store.create(adding(steps=5))

    def refuse(folder, status):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(workshop_module, "write_status", refuse)
    with pytest.raises(OSError, match=r"Permission denied.*allow writing"):
        workshop.submit(run)
    monkeypatch.undo()
    workshop.submit(other)
    workshop._executor.next()
    assert (run.status, other.status) == ("new", "finished")


@pytest.mark.slow
def test_a_program_that_ends_does_not_wait_for_its_runs(store):
    """They stop where they are, in order, and can be resumed."""
    run = store.create(long())
    code = (
        "import sys, time\n"
        "from core.training.runs.folder import RunStore\n"
        "from core.training.runs.workshop import Workshop\n"
        "store = RunStore(sys.argv[1])\n"
        "(run,) = store.runs()\n"
        "Workshop(store).submit(run)\n"
        "while not run.checkpoints():\n"
        "    time.sleep(0.01)\n"
    )
    command = [sys.executable, "-c", code, str(store.folder)]
    subprocess.run(command, cwd=ROOT, timeout=60, check=True)
    assert run.status == "stopped"
    assert run.problem == ""
    assert (run.folder / STATES).exists()
