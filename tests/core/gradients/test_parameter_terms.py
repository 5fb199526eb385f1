"""Every parameter's itemised gradient against autograd, in float64, with random weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.gradients.parameter_terms import PARAMETERS, ParameterTerms, parameter_terms

STEPS, INPUTS, UNITS, CLASSES = 6, 3, 4, 5
SHAPES = {
    "U": (UNITS, UNITS),
    "W": (UNITS, INPUTS),
    "b": (UNITS,),
    "V": (CLASSES, UNITS),
    "b_y": (CLASSES,),
}


class Network:
    """The equations written out, with a copy of every parameter for every use."""

    def __init__(self, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)

        def draw(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64)

        self.start, self.inputs = draw(UNITS), draw(STEPS, INPUTS)
        self.targets = torch.randint(CLASSES, (STEPS,), generator=generator)
        shared = {name: draw(*shape) for name, shape in SHAPES.items()}
        self.weights = shared
        self.copies = {
            name: [value.clone().requires_grad_() for _ in range(STEPS)]
            for name, value in shared.items()
        }
        h, self.states, self.logits, self.losses = self.start, [], [], []
        for k in range(STEPS):
            one = {name: copies[k] for name, copies in self.copies.items()}
            h = torch.tanh(one["W"] @ self.inputs[k] + one["U"] @ h + one["b"])
            z = one["V"] @ h + one["b_y"]
            self.states.append(h)
            self.logits.append(z)
            self.losses.append(functional.cross_entropy(z[None], self.targets[k][None]))

    def terms(self) -> dict[str, ParameterTerms]:
        states = torch.stack(self.states).detach()
        slope = 1 - states**2
        errors = torch.stack(self.logits).detach().softmax(-1)
        errors[torch.arange(STEPS), self.targets] -= 1
        before = torch.cat((self.start[None], states[:-1]))
        jacobian = slope[:, :, None] * self.weights["U"]
        parts = (errors @ self.weights["V"], errors, jacobian, slope, self.inputs, before, states)
        return parameter_terms(*(part.numpy() for part in parts))


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(3)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_term_is_the_gradient_of_its_own_copy(network: Network, name: str) -> None:
    found = network.terms()[name]
    for t, loss in enumerate(network.losses):
        copies = torch.autograd.grad(
            loss, network.copies[name], retain_graph=True, allow_unused=True
        )
        for k, copy in enumerate(copies):
            expected = np.zeros(SHAPES[name]) if copy is None else copy.numpy()
            term = np.outer(found.back[t, k], found.read[k]).reshape(SHAPES[name])
            np.testing.assert_allclose(term, expected, atol=1e-12)
            assert found.sizes[t, k] == pytest.approx(float(np.linalg.norm(expected)), abs=1e-12)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_terms_add_up_for_one_loss_and_for_the_mean(network: Network, name: str) -> None:
    found = network.terms()[name]
    chosen = np.array([True, False, True, True, True, True])
    mean = sum(network.losses[t] for t in np.flatnonzero(chosen)) / chosen.sum()
    for loss, gradient in (
        (network.losses[4], found.gradients[4]),
        (mean, found.mean_of(chosen).gradients[0]),
    ):
        copies = torch.autograd.grad(
            loss, network.copies[name], retain_graph=True, allow_unused=True
        )
        expected = sum(copy.numpy() for copy in copies if copy is not None)
        np.testing.assert_allclose(gradient.reshape(SHAPES[name]), expected, atol=1e-12)


def test_the_read_out_is_used_once_for_each_loss_and_the_rest_at_every_step(
    network: Network,
) -> None:
    terms = network.terms()
    for name in ("V", "b_y"):
        assert (terms[name].sizes > 0).sum() == STEPS
        assert (np.diag(terms[name].sizes) > 0).all()
    for name in ("U", "W", "b"):
        assert (terms[name].sizes > 0).sum() == STEPS * (STEPS + 1) / 2


def test_a_mean_needs_a_loss(network: Network) -> None:
    with pytest.raises(ValueError, match="No step has a loss"):
        network.terms()["U"].mean_of(np.zeros(STEPS, dtype=bool))
