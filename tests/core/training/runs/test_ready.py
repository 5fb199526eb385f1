"""The ready-made runs: complete, small, telling, and made again from their seeds."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import torch

from core.training.runs.folder import READY, RunStore
from core.training.runs.ready import RUNS, main
from tests.core.training.runs.conftest import curve

STORE = RunStore(READY)


def settings_of(name):
    values = STORE.open(name).settings.to_json()
    return {"cell": values["architecture"]["cell"], "scale": values["start_scale"]} | values[
        "training"
    ]


def loss_of(name):
    return STORE.open(name).metrics()[-1]["validation_loss"]


@pytest.mark.parametrize("name", RUNS)
def test_each_is_there_with_the_settings_of_its_recipe(name):
    run = STORE.open(name)
    assert (run.status, run.problem) == ("finished", "")
    assert run.settings == RUNS[name]
    assert len(run.checkpoints()) == 12
    assert run.checkpoints()[0] == 0
    for step in run.checkpoints():
        assert run.applied(step).info["step"] == step
    assert run.applied().answer("The cats")[0][1] > 0


def test_the_shelf_is_light_and_holds_nothing_else():
    assert sorted(run.id for run in STORE.runs()) == sorted(RUNS) == list(RUNS)
    files = [path for path in READY.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_500_000
    assert {path.suffix for path in files} == {".json", ".jsonl", ".safetensors"}


@pytest.mark.parametrize(
    ("bad", "good", "setting"),
    [
        ("2-rate-too-high", "1-good", "learning_rate"),
        ("3-saturated-start", "1-good", "scale"),
        ("4-small-batch", "1-good", "batch"),
        ("5-short-truncation", "1-good", "unroll"),
        ("7-no-clipping", "6-clipped", "clip"),
    ],
)
def test_a_bad_one_differs_in_one_setting_and_ends_worse(bad, good, setting):
    first, second = settings_of(bad), settings_of(good)
    assert [key for key in first if first[key] != second[key]] == [setting]
    assert loss_of(bad) > 1.3 * loss_of(good)


def test_the_saturated_start_is_one():
    def shut(name):
        run = STORE.open(name)
        gates = run.applied(0).read("The cats (near the owl) sing.")["rnn"]["forget_gate"]
        return float(((gates < 0.05) | (gates > 0.95)).mean())

    assert shut("3-saturated-start") > 0.6
    assert shut("1-good") < 0.05


@pytest.mark.slow
def test_one_is_made_again_from_its_seed(tmp_path):
    assert main(["6-clipped", "--out", str(tmp_path)]) == 0
    made, shipped = RunStore(tmp_path).open("6-clipped"), STORE.open("6-clipped")
    for one, other in zip(curve(made), curve(shipped), strict=True):
        assert one["step"] == other["step"]
        # equal to the last bit on one machine; another processor may round differently
        assert one["loss"] == pytest.approx(other["loss"], rel=0.05)
    first, second = made.applied(0).model, shipped.applied(0).model
    for key, value in first.state_dict().items():
        torch.testing.assert_close(second.state_dict()[key], value)
    assert asdict(made.settings.training) == asdict(shipped.settings.training)


def test_a_name_that_is_none_lists_those_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["best"])
    assert "1-good" in capsys.readouterr().err
