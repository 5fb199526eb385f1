"""A run is trained from its folder into its folder, and interruptions leave no trace."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import torch

from core.training.runs import worker
from core.training.runs.folder import LOCK, STATES, RunStore
from core.training.runs.lock import BusyError, held
from core.training.runs.worker import train_run
from tests.core.training.runs.conftest import MAKERS, adding, curve, on_disk, same_weights, text

ROOT = Path(__file__).resolve().parents[4]


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_a_run_is_trained_to_its_end(store):
    settings = adding()
    run = store.create(settings)
    seen = []
    assert train_run(run.folder, seen.append) == "finished"
    assert (run.status, run.problem) == ("finished", "")
    assert [line["step"] for line in run.metrics()] == [5 * n for n in range(1, 13)]
    assert [s.step for s in seen] == [line["step"] for line in run.metrics()]
    measured = [line["step"] for line in run.metrics() if line["score"] is not None]
    assert measured == [20, 40, 60]
    assert run.checkpoints() == [0, *settings.kept_steps()]
    end, last = run.applied(), run.applied(60)
    assert all(
        torch.equal(end.model.state_dict()[k], v) for k, v in last.model.state_dict().items()
    )
    assert end.application.measure(end.model).score == run.metrics()[-1]["score"]
    assert end.info["score"] == run.metrics()[-1]["score"]
    first = settings.make_network(settings.make_application()).state_dict()
    assert all(torch.equal(first[k], v) for k, v in run.applied(0).model.state_dict().items())
    assert "finished" in run.log()
    assert not (run.folder / STATES).exists()


def test_training_a_finished_run_again_changes_nothing(store):
    run = store.create(adding(steps=10))
    train_run(run.folder)
    before = (run.folder / "model.safetensors").stat().st_mtime_ns
    assert train_run(run.folder) == "finished"
    assert (run.folder / "model.safetensors").stat().st_mtime_ns == before


@pytest.mark.parametrize("task", MAKERS)
@pytest.mark.parametrize("at", [7, 33])
def test_a_stopped_run_goes_on_as_if_nothing_had_happened(store, task, at):
    """Also where it is stopped between two looks: the curve has no seam."""
    whole, stopped = (store.create(MAKERS[task]()) for _ in range(2))
    train_run(whole.folder)
    work = worker._Worker(stopped, None)
    updates = 0

    def ask(module, inputs):
        nonlocal updates
        updates += 1
        if updates == at:
            raise worker.StopRequestedError

    work.training.model.register_forward_pre_hook(ask)
    with pytest.raises(worker.StopRequestedError):
        work.train()
    assert stopped.metrics()[-1]["step"] < 60
    assert train_run(stopped.folder) == "finished"
    assert curve(stopped) == curve(whole)
    assert same_weights(stopped, whole)
    assert all(same_weights(stopped, whole, step) for step in whole.checkpoints())


@pytest.mark.parametrize("task", ["adding", pytest.param("text", marks=pytest.mark.slow)])
def test_kill_9_at_any_moment_and_resume(store, task):
    """A real process, killed in mid-run without a chance to say anything."""
    whole = store.create(MAKERS[task](steps=200))
    train_run(whole.folder)
    folder = store.folder / "killed"
    command = [sys.executable, *on_disk(MAKERS[task](steps=200), folder)]
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    run = store.open("killed")
    until(lambda: len(run.metrics()) > 4 or child.poll() is not None)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = run.metrics()
    assert 0 < done[-1]["step"] < 200
    assert run.status == "stopped"
    assert "ended; resume" in run.problem
    assert train_run(run.folder) == "finished"
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


@pytest.mark.slow
def test_four_runs_at_once_are_each_what_they_are_alone(store):
    alone = [store.create(adding(seed=seed)) for seed in range(4)]
    for run in alone:
        train_run(run.folder)
    together = [store.create(adding(seed=seed)) for seed in range(4)]
    threads = [threading.Thread(target=train_run, args=(run.folder,)) for run in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, together):
        assert curve(one) == curve(other)
        assert same_weights(one, other)
    assert not same_weights(alone[0], alone[1])


def test_a_stop_mark_is_obeyed_within_a_second(store):
    run = store.create(adding(steps=1_000_000, every=1_000_000, validate=1_000_000))
    thread = threading.Thread(target=train_run, args=(run.folder,))
    thread.start()
    until(lambda: run.status == "running" and run.checkpoints())
    run.ask_to_stop()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert run.status == "stopped"


def test_a_run_that_diverges_fails_with_the_reason_and_keeps_its_curve(store):
    # without clipping and with a rate of 100, plain gradient descent leaves all bounds
    settings = adding(optimizer="sgd", learning_rate=100.0, clip=None, every=1, steps=200)
    run = store.create(settings)
    assert train_run(run.folder) == "failed"
    assert run.status == "failed"
    assert "smaller learning rate" in run.problem or "not finite" in run.problem
    assert 0 < len(run.metrics()) < 200
    assert run.checkpoints()[0] == 0
    assert run.applied(0).answer("0.5* 0.1 0.2*") is not None


def test_two_workers_do_not_train_one_run(store):
    run = store.create(adding())
    with held(run.folder / LOCK), pytest.raises(BusyError, match="another worker"):
        train_run(run.folder, patience=0)
    assert run.metrics() == []


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(store):
    whole, run = store.create(text()), store.create(text())
    train_run(whole.folder)
    stop_at(run, 45)
    states = sorted((run.folder / STATES).iterdir())
    assert len(states) == 2
    states[-1].write_bytes(states[-1].read_bytes()[:-20])
    assert train_run(run.folder) == "finished"
    assert f"{states[-1].name} cannot be used" in run.log()
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


def test_with_all_checkpoints_damaged_it_starts_again(store):
    whole, run = store.create(text()), store.create(text())
    train_run(whole.folder)
    stop_at(run, 45)
    for state in (run.folder / STATES).iterdir():
        state.write_bytes(b"rubbish")
    assert train_run(run.folder) == "finished"
    assert same_weights(run, whole)
    assert curve(run) == curve(whole)


def stop_at(run, update):
    """Train until that many updates are done, then as if somebody asked it to stop."""

    def report(snapshot):
        if snapshot.step >= update:
            raise worker.StopRequestedError

    assert train_run(run.folder, report) == "stopped"


def test_a_full_disk_fails_with_the_remedy_and_can_be_resumed(store, monkeypatch):
    whole, run, other = store.create(adding()), store.create(adding()), store.create(text())
    train_run(whole.folder)
    plain = worker.save_checkpoint
    saved = 0

    def full(path, state):
        nonlocal saved
        saved += 1
        if saved > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return plain(path, state)

    monkeypatch.setattr(worker, "save_checkpoint", full)
    assert train_run(run.folder) == "failed"
    assert "No space left" in run.problem
    assert "Make room" in run.problem
    monkeypatch.undo()
    assert train_run(other.folder) == "finished"
    assert train_run(run.folder) == "finished"
    assert curve(run) == curve(whole)
    assert same_weights(run, whole)


@pytest.mark.slow
def test_a_file_system_that_takes_no_more_bytes_is_said_in_the_run_itself(store):
    """A real limit of the operating system on the size of any file, in another process."""
    run = store.create(text(steps=400))
    code = (
        "import resource, signal, sys\n"
        "import torch\n"
        "from core.training.runs.worker import train_run\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "print(train_run(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(run.folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "failed", done.stderr
    assert "cannot be written" in run.problem
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4000
    assert train_run(run.folder) == "finished"


def test_a_run_without_its_text_says_so(store):
    run = store.create(text())
    (run.folder / "data.txt").unlink()
    assert train_run(run.folder) == "failed"
    assert "There is nothing to read" in run.problem


def test_settings_that_cannot_be_read_harm_no_other_run(tmp_path):
    store = RunStore(tmp_path)
    broken, good = store.create(adding(steps=5)), store.create(adding(steps=5))
    (broken.folder / "settings.json").write_text("{")
    assert train_run(store.open(broken.id).folder) == "failed"
    assert train_run(good.folder) == "finished"
    assert store.open(broken.id).status == "damaged"
