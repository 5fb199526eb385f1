"""What may be asked for, and what is refused before anything large is built."""

from dataclasses import asdict

import pytest
from torch import nn

from core.applications.applied import architecture_from
from core.cells import make_cell
from core.networks.architecture import NONLINEARITIES, RECURRENT, Architecture
from core.networks.reader import Ends, Reader


@pytest.mark.parametrize("cell", RECURRENT)
def test_every_recurrent_cell_can_be_made(cell):
    assert Architecture(cell).recurrent
    assert make_cell(cell, 3, 4).hidden_size == 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cell": "transformer"}, "choose one of elman"),
        ({"hidden_size": 0}, "expected 1 to"),
        ({"hidden_size": 10**9}, "expected 1 to"),
        ({"num_layers": 99}, "expected 1 to 16"),
        ({"embedding_size": -1}, "expected 0 to"),
        ({"window": 17}, "expected 0 to 16"),
        ({"dropout": 1.0}, "probability"),
        ({"cell": "jordan", "num_layers": 2}, "one layer and one direction"),
        ({"cell": "jordan", "bidirectional": True}, "one layer and one direction"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(options, said):
    with pytest.raises(ValueError, match=said):
        Architecture(**options)


def test_feed_forward_networks_carry_nothing():
    assert not Architecture("convolution").recurrent
    assert not Architecture("perceptron").recurrent


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_an_elman_networks_activation_is_torchs_nonlinearity(nonlinearity: str) -> None:
    architecture = Architecture("elman", hidden_size=3, nonlinearity=nonlinearity)
    rnn = Reader(architecture, Ends(4, 2)).rnn
    assert isinstance(rnn, nn.RNN)
    assert rnn.nonlinearity == nonlinearity


@pytest.mark.parametrize(("cell", "nonlinearity"), [("lstm", "relu"), ("elman", "sigmoid")])
def test_other_activations_are_refused(cell: str, nonlinearity: str) -> None:
    with pytest.raises(ValueError, match=nonlinearity):
        Architecture(cell, nonlinearity=nonlinearity)


def test_a_file_from_before_there_was_a_choice_is_read_as_it_was_then() -> None:
    found = asdict(Architecture("elman", hidden_size=3))
    del found["nonlinearity"]
    assert architecture_from(found, "old.safetensors") == Architecture("elman", hidden_size=3)
    with pytest.raises(ValueError, match="expected"):
        architecture_from({**found, "colour": "red"}, "new.safetensors")
    del found["cell"]
    with pytest.raises(ValueError, match="expected"):
        architecture_from(found, "old.safetensors")
