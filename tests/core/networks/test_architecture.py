"""What may be asked for, and what is refused before anything large is built."""

import pytest

from core.cells import make_cell
from core.networks.architecture import RECURRENT, Architecture


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
