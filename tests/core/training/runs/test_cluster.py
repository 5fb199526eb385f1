"""A scheduler and two workers on loopback; one is killed in mid-run, and the run finishes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.training.runs import workshop as workshop_module
from core.training.runs.worker import train_run
from core.training.runs.workshop import Workshop
from tests.core.training.runs.conftest import adding, curve, same_weights

distributed = pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[4]
QUIET = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10"}


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | QUIET,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    options = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = start("distributed.cli.dask_scheduler", *options, "--port", "0")
    address = None
    while address is None:
        line = scheduler.stderr.readline()
        assert line, "the scheduler ended"
        found = re.search(r"tcp://127\.0\.0\.1:\d+", line)
        address = found.group() if found else None
    workers = [
        start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", *options)
        for _ in range(2)
    ]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
            process.stderr.close()


def until(condition, seconds=90.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_run_survives_its_worker(store, cluster, monkeypatch):
    address, workers = cluster
    monkeypatch.setenv("UNROLLED_SCHEDULER", address)
    settings = adding(steps=800)
    whole, run = store.create(settings), store.create(settings)
    workshop = Workshop(store)
    workshop.submit(run)
    assert run.status in ("queued", "running")
    until(lambda: len(run.metrics()) > 5)
    (first,) = re.findall(r"running, process (\d+)", run.log())
    assert int(first) in {worker.pid for worker in workers}
    os.kill(int(first), signal.SIGKILL)
    at_death = run.metrics()[-1]["step"]
    assert at_death < 800
    until(lambda: run.status == "finished")
    processes = re.findall(r"running, process (\d+)", run.log())
    assert len(processes) == 2
    assert processes[1] != processes[0]
    workshop.close()
    train_run(whole.folder)
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


@pytest.mark.slow
def test_a_run_on_the_cluster_is_cancelled(store, cluster, monkeypatch):
    address, _ = cluster
    monkeypatch.setenv("UNROLLED_SCHEDULER", address)
    workshop = Workshop(store)
    runs = [store.create(adding(steps=1_000_000, seed=seed)) for seed in range(3)]
    for run in runs:
        workshop.submit(run)
    until(lambda: sum(workshop.position(run) == 0 for run in runs) == 2)
    assert sorted(workshop.position(run) for run in runs) == [0, 0, 1]
    for run in reversed(runs):
        workshop.cancel(run)
    until(lambda: all(run.status == "stopped" for run in runs))
    workshop.close()


def test_a_scheduler_that_does_not_answer_is_named(store, monkeypatch):
    monkeypatch.setenv("UNROLLED_SCHEDULER", "tcp://127.0.0.1:9")
    monkeypatch.setattr(workshop_module, "SECONDS_TO_CONNECT", 0.3)
    run = store.create(adding())
    with pytest.raises(OSError, match=r"UNROLLED_SCHEDULER is tcp://127\.0\.0\.1:9"):
        Workshop(store).submit(run)
    assert run.status == "new"
