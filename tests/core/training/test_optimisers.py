"""Each optimiser is torch's, and remembers everything across a checkpoint."""

from dataclasses import replace
from itertools import islice

import pytest
import torch

from core.applications import application_class, new_network
from core.networks.architecture import Architecture
from core.training.checkpoint import load_checkpoint, save_checkpoint
from core.training.loop import train
from core.training.optimisers import MOMENTS
from core.training.settings import OPTIMIZERS, TrainingSettings

ADDING = application_class("adding")(6)
SETTINGS = TrainingSettings(steps=9, batch=3, every=3, learning_rate=1e-2, weight_decay=0.1)
SHAPE = Architecture("gru", 4)
PLAIN = {
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-2, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-2, weight_decay=0.1, momentum=0.9),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-2, weight_decay=0.1),
}


def model():
    return new_network(ADDING, SHAPE, 0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_those_written_out_by_hand(name):
    ours, reference = model(), model()
    list(train(ours, ADDING, replace(SETTINGS, optimizer=name, clip=None, final_share=1.0)))
    optimiser = PLAIN[name](reference.parameters())
    from core.applications import Draws

    for step in range(9):
        batch = ADDING.batch(step, Draws(seed=0, batch=3))
        said = reference(batch.inputs)[0][-1:, :, 0]
        optimiser.zero_grad()
        (said - batch.targets).square().mean().backward()
        optimiser.step()
    for key, value in reference.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[key], value, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_checkpoint_keeps_what_it_remembers(tmp_path, name, dropout):
    shape = replace(SHAPE, num_layers=2, dropout=dropout)
    settings = replace(SETTINGS, optimizer=name)
    whole, stopped = (new_network(ADDING, shape, 0) for _ in range(2))
    expected = list(train(whole, ADDING, settings))
    run = train(stopped, ADDING, settings)
    before = list(islice(run, 1))
    path = save_checkpoint(tmp_path / "c.safetensors", run.checkpoint())
    kept = {key.rsplit(".", 1)[1] for key in run.checkpoint().optimiser}
    assert kept == set(MOMENTS[name])
    resumed = new_network(ADDING, shape, 5)
    after = list(train(resumed, ADDING, settings, resume=load_checkpoint(path)))
    assert [s.loss for s in (*before, *after)] == [s.loss for s in expected]
    assert [s.score for s in (*before, *after)] == [s.score for s in expected]
    for key, value in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[key], value)


def test_moments_of_another_optimiser_are_refused(tmp_path):
    run = train(model(), ADDING, replace(SETTINGS, optimizer="sgd"))
    next(run)
    other = replace(run.checkpoint(), settings=SETTINGS)
    with pytest.raises(ValueError, match="optimiser's state"):
        train(model(), ADDING, SETTINGS, resume=other)


def test_another_optimiser_is_refused_by_name():
    run = train(model(), ADDING, replace(SETTINGS, optimizer="sgd"))
    next(run)
    with pytest.raises(ValueError, match="optimizer was sgd and is now adamw"):
        train(model(), ADDING, SETTINGS, resume=run.checkpoint())
