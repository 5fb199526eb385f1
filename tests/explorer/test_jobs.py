"""Work in the background: shared by key, watched, stopped, forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from explorer import jobs as jobs_module
from explorer.job_limits import Limits, limits
from explorer.jobs import Jobs, JobStoppedError, Progress

PATIENCE = 20


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(workers=1, kept=2)


class Gate:
    """Work that reports, waits to be let through, and reports again."""

    def __init__(self) -> None:
        self.began, self.go, self.ended = (threading.Event() for _ in range(3))
        self.runs = 0

    def __call__(self, progress: Progress) -> str:
        self.runs += 1
        progress.report(0.25, "half a picture")
        self.began.set()
        assert self.go.wait(PATIENCE)
        try:
            progress.report(0.75)
        finally:
            self.ended.set()
        return "picture"


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.go.set()


def test_a_job_is_watched_and_ends(jobs: Jobs, gate: Gate) -> None:
    job = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    assert (job.running, job.done, job.waiting, job.result) == (True, False, False, None)
    assert (job.progress.share, job.progress.note) == (0.25, "half a picture")
    gate.go.set()
    assert job.wait(PATIENCE).result == "picture"
    assert (job.running, job.done, job.cancelled, job.error) == (False, True, False, None)
    assert (job.progress.share, job.progress.note) == (0.75, "half a picture")


def test_the_same_settings_share_one_job(jobs: Jobs, gate: Gate) -> None:
    first = jobs.start(("tsne", 2), gate)
    assert jobs.start(("tsne", 2), gate) is first
    assert jobs.find(("tsne", 2)) is first
    assert jobs.find(("tsne", 3)) is None
    gate.go.set()
    first.wait(PATIENCE)
    assert jobs.start(("tsne", 2), gate) is first
    assert gate.runs == 1


def test_more_than_the_workers_wait_in_line(jobs: Jobs, gate: Gate) -> None:
    first = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    second, third = (jobs.start(key, lambda progress: 2) for key in "bc")
    assert [job.waiting for job in (first, second, third)] == [False, True, True]
    assert [jobs.waiting_before(key) for key in "abc"] == [0, 0, 1]
    gate.go.set()
    assert third.wait(PATIENCE).result == 2


def test_a_cancelled_job_stops_at_its_next_report_and_can_start_again(
    jobs: Jobs, gate: Gate
) -> None:
    job = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    job.cancel()
    assert (job.running, job.cancelled) == (False, True)
    gate.go.set()
    assert gate.ended.wait(PATIENCE)
    assert (job.done, job.result, job.error) == (False, None, None)
    again = jobs.start("a", gate)
    assert again is not job
    assert again.wait(PATIENCE).result == "picture"


def test_a_job_cancelled_before_its_turn_never_begins(jobs: Jobs, gate: Gate) -> None:
    jobs.start("a", gate)
    begun: list[Progress] = []
    waiting = jobs.start("b", begun.append)
    waiting.cancel()
    gate.go.set()
    jobs.start("c", lambda progress: None).wait(PATIENCE)
    assert begun == []
    assert (waiting.cancelled, waiting.done, waiting.error) == (True, False, None)


def test_what_nobody_looks_at_is_stopped(
    jobs: Jobs, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    monkeypatch.setattr(jobs_module, "FORGOTTEN_AFTER", -1.0)
    gate.go.set()
    assert gate.ended.wait(PATIENCE)
    assert job.cancelled
    assert job.result is None


def fail(error: Exception, runs: list[Progress]):
    def work(progress: Progress) -> None:
        runs.append(progress)
        raise error

    return work


def test_what_the_reader_can_do_better_is_told_and_not_tried_again(jobs: Jobs) -> None:
    runs: list[Progress] = []
    work = fail(ValueError("too few rows"), runs)
    job = jobs.start("a", work).wait(PATIENCE)
    assert (job.running, job.done, job.cancelled) == (False, False, False)
    assert (job.error, job.result) == ("too few rows", None)
    assert jobs.start("a", work) is job
    assert len(runs) == 1


def test_a_mistake_of_the_program_is_not_hidden(jobs: Jobs) -> None:
    job = jobs.start("a", fail(ZeroDivisionError("oh"), [])).wait(PATIENCE)
    assert (job.done, job.error) == (False, None)
    with pytest.raises(ZeroDivisionError, match="oh"):
        assert job.result


def test_old_results_are_forgotten(jobs: Jobs) -> None:
    for number in range(5):
        jobs.start(number, lambda progress: None).wait(PATIENCE)
    jobs.start("last", lambda progress: None).wait(PATIENCE)
    assert [jobs.find(number) is not None for number in range(5)] == [False] * 3 + [True] * 2


def test_shares_stay_between_0_and_1_and_a_stop_is_heard() -> None:
    progress = Progress()
    for share, shown in ((-1, 0), (0.5, 0.5), (7, 1)):
        progress.report(share)
        assert progress.share == shown
    progress.stopped.set()
    with pytest.raises(JobStoppedError):
        progress.report(0.5)


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Whose page runs in this thread from now on; workers are nobody."""
    main = threading.current_thread()
    who = [""]
    found = lambda: who[0] if threading.current_thread() is main else ""  # noqa: E731
    monkeypatch.setattr(jobs_module, "_reader", found)
    return lambda name: who.__setitem__(0, name)


def test_who_stops_a_job_stops_it_for_nobody_else(jobs: Jobs, gate: Gate, read_by) -> None:
    read_by("ann")
    job = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    read_by("bob")
    assert jobs.start("a", gate) is job
    job.cancel()
    assert (job.running, job.cancelled, job.result) == (False, True, None)
    read_by("ann")
    assert (job.running, job.cancelled) == (True, False)
    read_by("bob")
    assert jobs.start("a", gate) is job  # wanted again: it has gone on meanwhile
    assert job.running
    read_by("ann")
    gate.go.set()
    assert job.wait(PATIENCE).result == "picture"
    assert gate.runs == 1


def test_a_job_that_all_have_stopped_is_stopped(jobs: Jobs, gate: Gate, read_by) -> None:
    for name in ("ann", "bob"):
        read_by(name)
        job = jobs.start("a", gate)
    for name in ("ann", "bob"):
        read_by(name)
        assert not job.progress.stopped.is_set()
        job.cancel()
    assert job.progress.stopped.is_set()


def test_one_reader_does_not_keep_the_others_waiting(gate: Gate, read_by) -> None:
    jobs, order = Jobs(workers=2, bounds=limits()), []

    def work(name: str) -> Callable[[Progress], None]:
        return lambda progress: order.append(name)

    read_by("ann")
    jobs.start("long", gate)
    held = threading.Event()
    jobs.start("held", lambda progress: held.wait(PATIENCE))
    assert gate.began.wait(PATIENCE)
    started = [jobs.start(f"ann {number}", work("ann")) for number in range(3)]
    read_by("bob")
    started.append(jobs.start("bob", work("bob")))
    held.set()  # one worker is free, the other still works for ann
    for job in started:
        job.wait(PATIENCE)
    gate.go.set()
    assert order == ["bob", "ann", "ann", "ann"]


def test_no_more_wait_than_may(gate: Gate) -> None:
    jobs = Jobs(workers=1, bounds=Limits(memory=10**9, seconds=60, waiting=2))
    jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    waiting = [jobs.start(key, lambda progress: None) for key in "bc"]
    refused = jobs.start("d", lambda progress: "d")
    assert not refused.running
    assert "2 pieces of work wait" in str(refused.error)
    assert "UNROLLED_JOBS_WAITING" in str(refused.error)
    gate.go.set()
    for job in waiting:
        job.wait(PATIENCE)
    assert jobs.start("d", lambda progress: "d").wait(PATIENCE).result == "d"


def test_no_more_memory_is_held_than_may(gate: Gate) -> None:
    jobs = Jobs(workers=2, bounds=Limits(memory=100_000_000, seconds=60, waiting=9))
    refused = jobs.start("huge", gate, memory=100_000_001)
    assert "about 100 MB" in str(refused.error)
    assert "UNROLLED_JOB_MB" in str(refused.error)
    first = jobs.start("a", gate, memory=60_000_000)
    assert gate.began.wait(PATIENCE)
    second = jobs.start("b", lambda progress: first.done, memory=60_000_000)
    third = jobs.start("c", lambda progress: first.done, memory=40_000_000)
    assert third.wait(PATIENCE).result is False  # it fits beside the first, the second does not
    assert second.waiting
    gate.go.set()
    assert second.wait(PATIENCE).result is True


def test_nothing_works_longer_than_it_may(gate: Gate) -> None:
    jobs = Jobs(workers=1, bounds=Limits(memory=10**9, seconds=600, waiting=9))
    job = jobs.start("a", gate)
    assert gate.began.wait(PATIENCE)
    job.progress._began -= 601
    gate.go.set()
    assert "stopped after 600 s" in str(job.wait(PATIENCE).error)
    assert "25%" in str(job.error)


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_JOB_MB", "7")
    assert limits() == Limits(memory=7_000_000, seconds=1800, waiting=60)
    for nonsense in ("", "0", "-1", "many", "1.5", "²"):
        monkeypatch.setenv("UNROLLED_JOB_MB", nonsense)
        with pytest.raises(ValueError, match="UNROLLED_JOB_MB"):
            limits()


def test_a_server_that_ends_stops_its_jobs_and_waits_for_them(gate: Gate) -> None:
    jobs = Jobs(workers=1, bounds=limits())
    running = jobs.start("a", gate)
    waiting = jobs.start("b", lambda progress: "b")
    assert gate.began.wait(PATIENCE)
    closing = threading.Thread(target=jobs.close)
    closing.start()
    assert running.progress.stopped.wait(PATIENCE)
    gate.go.set()
    closing.join(PATIENCE)
    assert not any(worker.is_alive() for worker in jobs._workers)
    assert (running.cancelled, waiting.cancelled, waiting.result) == (True, True, None)
