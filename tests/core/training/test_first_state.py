"""The first state: learned against zeros, and the losses of all three against the model itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.networks import ModelSettings, SequenceModel
from core.training.first_state import learn_first_state, losses_from, places


def model(cell: str) -> SequenceModel:
    torch.manual_seed(3)
    return SequenceModel(ModelSettings(cell, 5, 6)).eval()


def text(length: int = 400) -> torch.Tensor:
    """Mostly one character, so that a first state has something to know."""
    shares = torch.tensor([0.8, 0.05, 0.05, 0.05, 0.05])
    return shares.multinomial(length, True, generator=torch.Generator().manual_seed(1))


def test_places_are_cut_from_the_text() -> None:
    ids = torch.arange(50)
    inputs, targets = places(ids, 7, 4, torch.Generator().manual_seed(0), before=3)
    assert inputs.shape == targets.shape == (7, 7)
    assert (targets == inputs + 1).all()
    assert (inputs[1:] == inputs[:-1] + 1).all()
    with pytest.raises(ValueError, match="has 5 characters; expected more than 7"):
        places(ids[:5], 2, 4, torch.Generator(), before=3)


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_a_learned_state_beats_zeros_on_what_it_was_learned_on(cell: str) -> None:
    network, ids = model(cell), text()
    before = {name: weight.clone() for name, weight in network.named_parameters()}
    learned = learn_first_state(network, ids, length=4)
    inputs, targets = places(ids, 2000, 4, torch.Generator().manual_seed(9))
    with torch.no_grad():
        zeros, better = (
            losses_from(network, inputs, targets, state).mean() for state in (None, learned)
        )
    assert better < zeros - 0.01
    assert all(torch.equal(before[name], weight) for name, weight in network.named_parameters())
    assert all(weight.grad is None for weight in network.parameters())


def test_losses_are_the_models_own() -> None:
    network = model("gru")
    inputs, targets = places(text(), 3, 6, torch.Generator().manual_seed(2), before=4)
    with torch.no_grad():
        whole, _ = network(inputs)
        _, state = network(inputs[:4])
        found = losses_from(network, inputs[4:], targets[4:], state)
        expected = functional.cross_entropy(
            whole[4:].flatten(0, 1), targets[4:].flatten(), reduction="none"
        )
        one = losses_from(network, inputs, targets, torch.full((1, 1, 6), 0.3))
        same = network(inputs, torch.full((1, 3, 6), 0.3))[0]
    np.testing.assert_allclose(found.flatten(), expected, atol=1e-6)
    np.testing.assert_allclose(
        one.flatten(),
        functional.cross_entropy(same.flatten(0, 1), targets.flatten(), reduction="none"),
        atol=1e-6,
    )
