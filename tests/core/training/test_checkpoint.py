"""Checkpoints: complete, and not resumed where they do not belong."""

from dataclasses import replace

import pytest
import torch

from core.networks import ModelSettings
from core.networks.tensor_file import read_tensors, write_tensors
from core.tasks import TextTask
from core.training.checkpoint import KIND, VERSION, load_checkpoint, save_checkpoint
from core.training.loop import new_model, train
from core.training.settings import TrainingSettings

TASK = TextTask.of("abcab cabca bcc" * 40, validation=0.1)
SETTINGS = TrainingSettings(steps=6, batch=2, unroll=5, every=3)
SHAPE = ModelSettings("lstm", len(TASK.vocabulary), 4)


@pytest.fixture
def run():
    run = train(new_model(SHAPE, 0), TASK, SETTINGS)
    next(run)
    return run


@pytest.fixture
def path(run, tmp_path):
    return save_checkpoint(tmp_path / "run.checkpoint.safetensors", run.checkpoint())


def test_everything_comes_back(run, path):
    saved, back = run.checkpoint(), load_checkpoint(path)
    for name in ("model_settings", "settings", "vocabulary", "fingerprint", "step"):
        assert getattr(back, name) == getattr(saved, name)
    for name in ("weights", "optimiser", "random"):
        first, second = getattr(saved, name), getattr(back, name)
        assert first.keys() == second.keys()
        assert all(torch.equal(first[key], second[key]) for key in first)
    assert len(back.carried) == 2  # an LSTM carries hidden and cell state
    assert all(torch.equal(a, b) for a, b in zip(saved.carried, back.carried))


def test_a_run_that_has_not_begun_can_be_saved_too(tmp_path):
    fresh = train(new_model(SHAPE, 0), TASK, SETTINGS).checkpoint()
    back = load_checkpoint(save_checkpoint(tmp_path / "c.safetensors", fresh))
    assert (back.step, back.carried, dict(back.optimiser)) == (0, (), {})
    assert len(list(train(new_model(SHAPE, 5), TASK, SETTINGS, resume=back))) == 2


def test_other_data_are_refused(path):
    other = TextTask.of("abcab cabca bcb" * 40, validation=0.1)
    with pytest.raises(ValueError, match="other data"):
        train(new_model(SHAPE, 0), other, SETTINGS, resume=load_checkpoint(path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": 7}, "steps was 6 and is now 7"),
        ({"learning_rate": 0.1}, "learning_rate was 0.003 and is now 0.1"),
        ({"clip": None}, "clip was 1.0 and is now None"),
        ({"seed": 4}, "seed was 0 and is now 4"),
    ],
)
def test_other_settings_are_refused_by_name(path, change, message):
    with pytest.raises(ValueError, match=message):
        train(new_model(SHAPE, 0), TASK, replace(SETTINGS, **change), resume=load_checkpoint(path))


def test_how_often_one_looks_may_differ(path):
    looks = replace(SETTINGS, every=1, validate=1)
    assert len(list(train(new_model(SHAPE, 0), TASK, looks, resume=load_checkpoint(path)))) == 3


def test_another_model_is_refused(path):
    other = new_model(replace(SHAPE, hidden_size=5), 0)
    with pytest.raises(ValueError, match="hidden_size was 4 and is now 5"):
        train(other, TASK, SETTINGS, resume=load_checkpoint(path))


def test_a_truncated_checkpoint_is_refused(path):
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match="not a complete safetensors file"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, h: t.pop("optimiser.rnn.weight_ih_l0.exp_avg"), "optimiser's state"),
        (lambda t, h: t.update({"optimiser.x.step": torch.zeros(())}), "optimiser's state"),
        (lambda t, h: t.pop("weights.read_out.bias"), "missing"),
        (lambda t, h: h.pop("fingerprint"), "where its run stopped"),
        (lambda t, h: h.update(step=-1), "where its run stopped"),
        (lambda t, h: h.update(step="3"), "where its run stopped"),
        (lambda t, h: h["training"].update(steps="many"), "steps|supported"),
        (lambda t, h: h["training"].pop("clip"), "lacks training settings"),
        (lambda t, h: h.update(model=None), "model settings"),
        (lambda t, h: h.update(vocabulary="abc"), "no list of tokens"),
        (lambda t, h: t.update({"carried.0": torch.zeros(1, 3, 4)}), "carried state"),
        (lambda t, h: t.pop("carried.0"), "carried state"),
    ],
)
def test_a_checkpoint_that_does_not_fit_itself_is_refused(path, change, message):
    tensors, header = read_tensors(path, KIND, VERSION)
    change(tensors, header)
    write_tensors(path, KIND, VERSION, tensors, header)
    with pytest.raises(ValueError, match=message):
        load_checkpoint(path)


def test_random_numbers_of_another_device_are_refused(path):
    shape = replace(SHAPE, num_layers=2, dropout=0.5)
    run = train(new_model(shape, 0), TASK, SETTINGS)
    next(run)
    saved = replace(run.checkpoint(), random={"cpu": torch.zeros(3, dtype=torch.uint8)})
    with pytest.raises(ValueError, match="kind of device"):
        train(new_model(shape, 0), TASK, SETTINGS, resume=saved)
