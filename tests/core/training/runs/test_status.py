"""Where a run stands is said even where there is no room to say it."""

from __future__ import annotations

import errno
import os
import time

import pytest

from core.training.runs import status as status_module
from core.training.runs.status import (
    NAME,
    ROOM,
    Status,
    beat,
    last_beat,
    read_status,
    write_status,
)


def full(path, data):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@pytest.mark.parametrize(
    "status", [Status(), Status("queued", server="a", order=3.5), Status("failed", "坏了 " * 90)]
)
def test_there_and_back(tmp_path, status):
    write_status(tmp_path, status)
    assert read_status(tmp_path) == status
    assert (tmp_path / NAME).stat().st_size >= ROOM


def test_nothing_said_is_new(tmp_path):
    assert read_status(tmp_path) == Status("new")
    assert last_beat(tmp_path) is None


def test_on_a_full_disk_the_old_one_is_written_over(tmp_path, monkeypatch):
    write_status(tmp_path, Status("running"))
    monkeypatch.setattr(status_module, "write_whole", full)
    write_status(tmp_path, Status("failed", "The disk is full. " * 100))
    found = read_status(tmp_path)
    assert found.state == "failed"
    assert found.problem.startswith("The disk is full.")


def test_where_there_is_no_old_one_the_disk_is_to_blame(tmp_path, monkeypatch):
    monkeypatch.setattr(status_module, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        write_status(tmp_path, Status("running"))


def test_a_beat_is_a_sign_of_life(tmp_path):
    write_status(tmp_path, Status("running"))
    long_ago = time.time() - 1000
    os.utime(tmp_path / NAME, (long_ago, long_ago))
    assert last_beat(tmp_path) > 900
    beat(tmp_path)
    assert last_beat(tmp_path) < 100
