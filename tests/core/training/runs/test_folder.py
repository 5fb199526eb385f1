"""Runs on disk: complete or not there, listed whatever is wrong with one of them."""

from __future__ import annotations

import errno
import json
import os

import pytest

from core.networks.architecture import Architecture
from core.training.runs import folder as folder_module
from core.training.runs.folder import LOCK, RunStore, default_folder
from core.training.runs.lock import held
from core.training.runs.settings import RunSettings
from core.training.runs.worker import train_run
from tests.core.training.runs.conftest import TEXT, adding, text


def test_a_new_run_holds_its_settings_and_its_text(store):
    settings = text()
    run = store.create(settings)
    assert run.status == "new"
    assert store.open(run.id).settings.to_json() == settings.to_json()
    assert store.open(run.id).complete_settings.data == TEXT
    assert run.settings.data is None
    assert "data" not in json.loads((run.folder / "settings.json").read_text())
    assert (run.metrics(), run.checkpoints(), run.log()) == ([], [], "")
    assert [entry.name for entry in store.folder.iterdir()] == [run.id]


def test_the_newest_run_comes_first(store):
    runs = [store.create(adding(seed=seed)) for seed in range(3)]
    for age, run in enumerate(runs):
        os.utime(run.folder / "settings.json", (1000 - age, 1000 - age))
    assert [run.id for run in store.runs()] == [run.id for run in runs]


def test_a_store_without_a_folder_is_empty(store):
    assert store.runs() == []
    with pytest.raises(FileNotFoundError, match="no run 'x'"):
        store.open("x")


@pytest.mark.parametrize("name", ["../x", ".hidden", "a/b", "", "a b", "x" * 100])
def test_a_name_that_leads_elsewhere_is_refused(store, name):
    with pytest.raises(ValueError, match="cannot be called"):
        store.open(name)
    with pytest.raises(ValueError, match="cannot be called"):
        store.create(adding(), name or "/")


def test_one_name_is_given_once(store):
    store.create(adding(), "mine")
    with pytest.raises(ValueError, match="already"):
        store.create(adding(), "mine")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (RunSettings("adding", {"delay": 1}), "needs at least 2"),
        (RunSettings("adding", {"length": 9}), "length"),
        (RunSettings("adding", architecture=Architecture("convolution")), "about memory"),
        (RunSettings("next-character"), "nothing to read"),
    ],
)
def test_settings_that_do_not_fit_make_no_folder(store, settings, message):
    with pytest.raises(ValueError, match=message):
        store.create(settings)
    assert not store.folder.exists()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_said_with_the_remedy(store, monkeypatch, number):
    other = store.create(adding())

    def refuse(path, data):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(folder_module, "write_whole", refuse)
    with pytest.raises(OSError, match="UNROLLED_RUNS") as caught:
        store.create(adding())
    assert os.strerror(number) in str(caught.value)
    assert [run.id for run in store.runs()] == [other.id]
    assert [entry.name for entry in store.folder.iterdir()] == [other.id]


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "runs").write_text("")
    with pytest.raises(OSError, match="cannot be written"):
        RunStore(tmp_path / "runs").create(adding())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("settings.json", "", "not JSON"),
        ("settings.json", "[" * 100_000, "not JSON"),
        ("settings.json", "[]", "expected"),
        ("settings.json", None, "cannot be read"),
        ("settings.json", b"\xff\xfe", "cannot be read"),
        ("status.json", "{", "damaged"),
        ("status.json", '{"state": "flying"}', "does not say"),
        (
            "status.json",
            '{"state": "queued", "problem": "", "server": "../x", "order": 0}',
            "does not say",
        ),
    ],
)
def test_a_damaged_run_says_so_and_the_others_are_listed(store, name, content, message):
    good, bad = store.create(adding()), store.create(adding())
    path = bad.folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = {run.id: run for run in store.runs()}
    assert found[bad.id].status == "damaged"
    assert message in found[bad.id].problem
    assert found[good.id].status == "new"
    store.delete(bad.id)
    assert [run.id for run in store.runs()] == [good.id]


def test_damaged_lines_of_the_curve_are_left_out_and_said(store):
    run = store.create(adding(steps=20))
    train_run(run.folder)
    path = run.folder / "metrics.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    lines[1] = "rubbish\n"
    lines[2] = lines[2].replace('"loss": ', '"loss": "x", "was": ')
    path.write_text("".join(lines) + '{"step": 25, "lo')  # the last one is still being written
    assert [line["step"] for line in run.metrics()] == [5, 20]
    assert run.problem == "2 lines of metrics.jsonl are damaged and left out."


def test_a_damaged_checkpoint_harms_no_other(store):
    run = store.create(adding(steps=20))
    train_run(run.folder)
    first, second, *_ = run.checkpoints()
    path = folder_module.checkpoint_path(run.folder, first)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="not a complete safetensors file"):
        run.applied(first)
    assert run.applied(second).application.name == "adding"


def test_a_run_that_is_being_trained_is_not_deleted(store):
    run = store.create(adding())
    with held(run.folder / LOCK), pytest.raises(ValueError, match="stop it first"):
        store.delete(run.id)
    store.delete(run.id)
    assert store.runs() == []
    assert list(store.folder.iterdir()) == []


def test_where_runs_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path / "a"))
    assert default_folder() == tmp_path / "a"
    monkeypatch.delenv("UNROLLED_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "b"))
    assert default_folder() == tmp_path / "b" / "unrolled" / "runs"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".local" / "share" / "unrolled" / "runs"
