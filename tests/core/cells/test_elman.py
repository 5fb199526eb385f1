"""The Elman cell against numpy, with every activation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.cells import ElmanCell
from tests.core.cells.test_step import arguments, drawn

ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "elu": lambda a: np.where(a > 0, a, np.exp(np.minimum(a, 0)) - 1),
    "identity": lambda a: a,
}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_against_the_formula(activation: str, seed: int, bias: bool) -> None:
    cell = drawn("elman", seed, activation=activation, bias=bias)
    x, (h,) = arguments(cell, seed)
    p = {name: value.detach().numpy() for name, value in cell.named_parameters()}
    a = x.numpy() @ p["weight_ih"].T + h.numpy() @ p["weight_hh"].T
    if bias:
        a = a + p["bias_ih"] + p["bias_hh"]
    step = cell(x, (h,))
    np.testing.assert_allclose(step.output.detach(), ACTIVATIONS[activation](a), atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_of_every_activation(activation: str) -> None:
    cell = drawn("elman", activation=activation)
    x, (h,) = arguments(cell)
    assert torch.autograd.gradcheck(
        lambda x, h: cell(x, (h,)).output, (x.requires_grad_(), h.requires_grad_())
    )


def test_an_unknown_activation() -> None:
    with pytest.raises(ValueError, match=r"Activation 'swish' is not known; choose one of tanh"):
        ElmanCell(2, 2, activation="swish")
