"""The feed-forward network: the formula, and that it has no memory."""

import pytest
import torch

from core.networks.architecture import Architecture
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends

ENDS = Ends(4, 3, tokens=False)


def made(ends: Ends = ENDS, **options) -> Perceptron:
    torch.manual_seed(3)
    return Perceptron(Architecture("perceptron", hidden_size=5, **options), ends).double()


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_formula(activation):
    torch.manual_seed(1)
    model = Perceptron(
        Architecture("perceptron", hidden_size=5, num_layers=2), ENDS, activation=activation
    ).double()
    x = torch.randn(6, 2, 4).double()
    W1, b1, W2, b2 = (p for layer in model.layers for p in (layer.weight, layer.bias))
    phi = {"relu": lambda a: a.clamp(min=0), "tanh": torch.tanh}[activation]
    for t in range(6):
        for b in range(2):
            inner = phi(W2 @ phi(W1 @ x[t, b] + b1) + b2)
            expected = model.read_out.weight @ inner + model.read_out.bias
            torch.testing.assert_close(model(x)[0][t, b], expected)


def test_equal_inputs_get_equal_answers_whatever_came_before():
    model = made()
    x = torch.randn(7, 1, 4).double()
    x[5] = x[1]
    logits, state = model(x, state="anything")
    assert state is None
    torch.testing.assert_close(logits[5], logits[1], rtol=0, atol=1e-15)
    other = torch.randn(7, 1, 4).double()
    other[5] = x[5]
    torch.testing.assert_close(model(other)[0][5], logits[5], rtol=0, atol=1e-15)


def test_one_answer_is_that_of_each_sequences_last_step():
    x, lengths = torch.randn(6, 3, 4).double(), torch.tensor([6, 2, 4])
    every = made()(x)[0]
    last = made(Ends(4, 3, tokens=False, each_step=False))(x, lengths)[0]
    for b, length in enumerate(lengths):
        torch.testing.assert_close(last[b], every[length - 1, b])


def test_a_window_sees_its_neighbours_and_nothing_else():
    model = made(window=1)
    x = torch.randn(7, 1, 4).double()
    changed = x.clone()
    changed[3] += 1
    differs = (model(changed)[0] - model(x)[0]).abs().amax((1, 2)) > 1e-12
    assert differs.tolist() == [False, False, True, True, True, False, False]


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="choose one of relu, tanh"):
        Perceptron(Architecture("perceptron"), ENDS, activation="sine")
