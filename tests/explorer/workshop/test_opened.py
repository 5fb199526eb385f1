"""Runs are networks that the recording pages open, at every checkpoint."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from core.training.runs.folder import Run, RunStore, default_folder
from explorer.workshop.opened import applied_at, opened, read_checkpoint
from explorer.workshop.shelf import run_cards
from explorer.workshop.store import find_run, runs_folder
from tests.explorer.pages import CHOOSING, arrays_of, open_page, payload, shown, spec
from tests.explorer.workshop.conftest import STEPS


def test_both_know_the_same_folder(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs_folder() == store.folder == default_folder()
    monkeypatch.delenv("UNROLLED_RUNS")
    assert runs_folder() == default_folder()
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert runs_folder() == default_folder()


def test_a_run_is_offered_with_its_checkpoints(run: Run) -> None:
    card = opened(run_cards()[f"run:{run.id}"])
    assert card.updates == tuple(run.checkpoints())
    assert card.updates[0] == 0
    assert card.updates[-1] == STEPS
    assert card.examples == run.applied(STEPS).application.examples
    assert (card.cell, card.units, card.layers) == ("lstm", 6, 1)


def test_each_checkpoint_reads_with_its_own_weights(run: Run) -> None:
    card_id = f"run:{run.id}"
    text = run.applied(0).application.examples[0]
    for updates in run.checkpoints():
        found = read_checkpoint(updates, card_id, text, "last")["rnn"]
        expected = run.applied(updates).read(text, loss_at="last")["rnn"]
        np.testing.assert_array_equal(found["hidden"].values, expected["hidden"].values)
        assert found.settings["model"] == card_id
    first, last = (applied_at(card_id, updates).model for updates in (0, STEPS))
    assert not torch.equal(next(first.parameters()), next(last.parameters()))


@pytest.mark.parametrize("page", CHOOSING)
def test_every_recording_page_travels_through_the_training(run: Run, page: str) -> None:
    app = open_page(page, lang="en", model=f"run:{run.id}", updates="0")
    assert [one.value for one in app.exception] == []
    found = spec(app)
    assert found["checkpoints"]["updates"] == run.checkpoints()
    assert found["cursor"]["step"] == 0
    name = "norms.s0.grad_hidden" if page == "gradients" else "hidden"
    assert name in found["checkpoints"]["arrays"]
    assert len(arrays_of(payload(app))[name]) == len(run.checkpoints())
    said = found["panels"][0]["checkpoints"]
    assert f"After {STEPS} updates" in said[-1]["alt"]
    assert said[0]["alt"].startswith("Before the training")
    last = run.metrics()[-1]
    assert f"{last['loss']:.3f}" in said[-1]["alt"]
    assert f"{last['validation_loss']:.3f}" in said[-1]["alt"]


def test_a_damaged_checkpoint_is_left_out(run: Run) -> None:
    path = sorted((run.folder / "checkpoints").iterdir())[1]
    path.write_bytes(path.read_bytes()[:-50])
    card = opened(run_cards()[f"run:{run.id}"])
    assert len(card.updates) == len(run.checkpoints()) - 1
    assert card.updates[-1] == STEPS


def test_a_run_of_damaged_checkpoints_is_said_to_be_one(run: Run) -> None:
    for path in (run.folder / "checkpoints").iterdir():
        path.write_bytes(b"nothing")
    app = open_page("states", lang="en", model=f"run:{run.id}")
    assert [one.value for one in app.exception] == []
    assert any("safetensors" in message for message in shown(app))


def test_a_text_that_is_no_input_is_said_and_the_example_is_read(run: Run) -> None:
    app = open_page("states", lang="en", model=f"run:{run.id}", text="XYZ?")
    assert [one.value for one in app.exception] == []
    assert len(app.warning) == 1
    assert "checkpoints" in spec(app)


def test_odd_names_are_no_runs(store: RunStore) -> None:
    for name in ("../x", "", "none", "/etc"):
        assert find_run(name) is None


def test_runs_are_listed_without_torch(run: Run) -> None:
    script = (
        "import sys\n"
        "from explorer.workshop.shelf import run_cards\n"
        "cards = run_cards()\n"
        f"assert 'run:{run.id}' in cards, list(cards)\n"
        "assert 'torch' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", ["{", "[]", '{"architecture": 3}', "\x00"])
def test_damaged_settings_are_no_card(run: Run, text: str) -> None:
    (run.folder / "settings.json").write_text(text, encoding="utf-8")
    assert f"run:{run.id}" not in run_cards()
