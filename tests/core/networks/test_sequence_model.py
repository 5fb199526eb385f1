"""Ids in, scores out; fused and opened alike."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from core.networks import ModelSettings, Recurrent, SequenceModel

CELLS = ("elman", "jordan", "lstm", "gru", "gru-original")
VOCABULARY, UNITS, STEPS, BATCH = 5, 4, 6, 2


def built(cell: str, **options) -> SequenceModel:
    torch.manual_seed(0)
    return SequenceModel(ModelSettings(cell, VOCABULARY, UNITS, **options)).double()


def drawn_ids() -> Tensor:
    return torch.randint(VOCABULARY + 1, (STEPS, BATCH), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("embedding", [0, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_the_opened_model_is_the_same_model(cell: str, embedding: int) -> None:
    model = built(cell, embedding_size=embedding)
    opened, ids = model.opened(), drawn_ids()
    logits, state = model(ids)
    again, last = opened(ids)
    torch.testing.assert_close(again, logits, rtol=0, atol=1e-12)
    for one, two in zip(
        state if isinstance(state, tuple) else (state,),
        last if isinstance(last, tuple) else (last,),
        strict=True,
    ):
        torch.testing.assert_close(one, two, rtol=0, atol=1e-12)
    assert {id(p) for p in opened.parameters()} == {id(p) for p in model.parameters()}
    assert isinstance(opened.rnn, Recurrent)


@pytest.mark.parametrize("options", [{"num_layers": 3, "dropout": 0.5}, {"bidirectional": True}])
@pytest.mark.parametrize("cell", ["elman", "lstm", "gru", "gru-original"])
def test_layers_and_directions(cell: str, options: dict) -> None:
    model = built(cell, output_size=3, **options).eval()
    logits, _ = model(drawn_ids())
    assert logits.shape == (STEPS, BATCH, 3)
    opened = model.opened()
    assert not opened.training
    torch.testing.assert_close(opened(drawn_ids())[0], logits, rtol=0, atol=1e-12)


@pytest.mark.parametrize("embedding", [0, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_an_unknown_token_is_read_as_nothing(cell: str, embedding: int) -> None:
    model = built(cell, embedding_size=embedding)
    vectors = model.embed(torch.tensor([[VOCABULARY], [0]]))
    assert not vectors[0].any()
    assert vectors[1].any()
    if embedding == 0:
        assert torch.equal(model.embed(torch.arange(VOCABULARY)), torch.eye(VOCABULARY).double())


def test_a_jordan_network_predicts_what_it_feeds_back() -> None:
    model = built("jordan")
    logits, state = model(drawn_ids())
    torch.testing.assert_close(logits.exp().sum(dim=-1), torch.ones(STEPS, BATCH).double())
    torch.testing.assert_close(logits[-1].exp(), state[0])
    assert model.read_out is None


def test_a_jordan_prediction_of_zero_has_a_logarithm() -> None:
    model = built("jordan")
    with torch.no_grad():
        model.rnn.bias_ho_l0[0] = -1e6
    logits, _ = model(drawn_ids())
    assert torch.isfinite(logits).all()


@pytest.mark.parametrize("options", [{"num_layers": 2}, {"bidirectional": True}])
def test_a_jordan_network_has_one_layer_and_one_direction(options: dict) -> None:
    with pytest.raises(ValueError, match="A Jordan network has one layer and one direction"):
        built("jordan", **options)


@pytest.mark.parametrize(
    ("cell", "activation", "expected"),
    [
        ("elman", "tanh", nn.RNN),
        ("elman", "relu", nn.RNN),
        ("elman", "sigmoid", Recurrent),
        ("elman", "identity", Recurrent),
        ("lstm", "tanh", nn.LSTM),
        ("gru", "tanh", nn.GRU),
        ("gru-original", "tanh", Recurrent),
        ("jordan", "relu", Recurrent),
    ],
)
def test_what_torch_has_is_torchs(cell: str, activation: str, expected: type) -> None:
    model = built(cell, activation=activation)
    assert type(model.rnn) is expected
    kept = model.opened().rnn.cells[0][0]
    if cell in ("elman", "jordan"):
        assert kept.activation == activation


def test_the_state_goes_on() -> None:
    model, ids = built("lstm"), drawn_ids()
    whole, _ = model(ids)
    first, state = model(ids[:3])
    second, _ = model(ids[3:], state)
    torch.testing.assert_close(torch.cat((first, second)), whole)


def test_settings_as_plain_values() -> None:
    settings = ModelSettings("gru", 5, 4, output_size=2, num_layers=2)
    assert ModelSettings(**SequenceModel(settings).describe()) == settings
    assert settings.classes == 2
    assert ModelSettings("gru", 5, 4).classes == 5


def test_an_unknown_cell() -> None:
    with pytest.raises(ValueError, match="Cell 'gruu' is not known"):
        built("gruu")
