"""A deep perceptron with tied layers is an Elman network, in float64 against nn.RNN."""

import pytest
import torch

from core.networks.architecture import Architecture
from core.networks.injected_layers import InjectedLayers
from core.networks.reader import Ends, Reader


def elman(hidden: int = 5) -> Reader:
    torch.manual_seed(2)
    return Reader(Architecture("elman", hidden_size=hidden), Ends(3, 4, tokens=False)).double()


@pytest.mark.parametrize("steps", [1, 7, 20])
def test_tied_layers_are_the_recurrent_network(steps):
    network, x = elman(), torch.randn(steps, 3).double()
    tied = InjectedLayers(steps, 3, 5, 4).double().tied(network, 1)
    logits, states = tied(x)
    torch.testing.assert_close(states, network.rnn(x.unsqueeze(1))[0][:, 0], rtol=0, atol=1e-14)
    torch.testing.assert_close(logits, network(x.unsqueeze(1))[0][:, 0], rtol=0, atol=1e-13)


def test_their_gradients_add_up_to_that_of_the_recurrent_network():
    network, x = elman(), torch.randn(6, 3).double()
    tied = InjectedLayers.copies_of(network, 6)
    tied(x)[1][-1].sum().backward()
    network.rnn(x.unsqueeze(1))[0][-1].sum().backward()
    torch.testing.assert_close(tied.weight_recurrent.grad.sum(0), network.rnn.weight_hh_l0.grad)
    torch.testing.assert_close(tied.weight_input.grad.sum(0), network.rnn.weight_ih_l0.grad)


def test_between_the_two_every_matrix_is_on_the_straight_line():
    network, own = elman(), InjectedLayers(4, 3, 5, 4).double()
    half, end = own.tied(network, 0.25), own.tied(network, 1)
    for name, found in half.state_dict().items():
        expected = 0.75 * own.state_dict()[name] + 0.25 * end.state_dict()[name]
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(own.tied(network, 0).bias, own.bias)


def test_layers_of_their_own_are_not_the_recurrent_network():
    network, x = elman(), torch.randn(6, 3).double()
    states = InjectedLayers(6, 3, 5, 4).double()(x)[1]
    assert (states - network.rnn(x.unsqueeze(1))[0][:, 0]).abs().max() > 0.1


def test_there_is_no_layer_for_a_further_step():
    layers = InjectedLayers(3, 2, 4, 2)
    assert layers(torch.zeros(2, 2))[0].shape == (2, 2)
    with pytest.raises(ValueError, match="4 inputs and 3 layers"):
        layers(torch.zeros(4, 2))


@pytest.mark.parametrize("architecture", [{"cell": "lstm"}, {"cell": "elman", "num_layers": 2}])
def test_only_a_plain_elman_layer_can_be_copied(architecture):
    network = Reader(Architecture(**architecture), Ends(3, 4, tokens=False))
    with pytest.raises(ValueError, match=r"expected a tanh nn\.RNN"):
        InjectedLayers.copies_of(network, 3)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="expected at least 1"):
        InjectedLayers(0, 1, 1, 1)
    with pytest.raises(ValueError, match="expected 0 to 1"):
        InjectedLayers(2, 3, 5, 4).double().tied(elman(), 1.5)
