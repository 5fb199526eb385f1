"""A sentence in a batch and in chunks, against the same sentence read alone by the module."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import TextModel
from core.recording.batching import WAYS, read_in_company

TEXT = "abcadbeca"
CELLS = ("elman", "lstm", "gru")


def model(cell: str, **settings) -> TextModel:
    torch.manual_seed(2)
    made = SequenceModel(ModelSettings(cell, 5, 4, **settings)).double()
    return TextModel("random", made.eval(), Vocabulary(tuple("abcde")))


def states(text_model: TextModel, x: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        return text_model.model.rnn(x)[0][:, 0].numpy()


@pytest.mark.parametrize("size", [1, 4, 30])
@pytest.mark.parametrize("cell", CELLS)
def test_packing_and_a_carried_state_change_nothing(cell: str, size: int) -> None:
    text_model = model(cell, num_layers=2)
    alone = states(text_model, text_model.model.embed(text_model.encode(TEXT)))
    for way in ("alone", "packed", "carried"):
        found = read_in_company(text_model, TEXT, way, size)
        assert found.own.all()
        np.testing.assert_allclose(found.hidden, alone, atol=1e-12)
        assert found.difference.max() < 1e-12


@pytest.mark.parametrize("cell", CELLS)
def test_padding_is_read_like_anything_else(cell: str) -> None:
    text_model, size = model(cell), 6
    x = text_model.model.embed(text_model.encode(TEXT))
    blank = torch.zeros(size, 1, 5, dtype=x.dtype)
    alone = states(text_model, x)
    right = read_in_company(text_model, TEXT, "right", size)
    np.testing.assert_allclose(right.hidden, states(text_model, torch.cat((x, blank))), atol=1e-12)
    np.testing.assert_allclose(right.hidden[right.own], alone, atol=1e-12)
    np.testing.assert_allclose(right.wanted[~right.own], np.tile(alone[-1], (size, 1)), atol=1e-12)
    assert np.abs(right.final - alone[-1]).max() > 0.01
    left = read_in_company(text_model, TEXT, "left", size)
    np.testing.assert_allclose(left.hidden, states(text_model, torch.cat((blank, x))), atol=1e-12)
    assert left.own.tolist() == [False] * size + [True] * len(TEXT)
    assert not left.wanted[:size].any()
    # reading zeros has moved the state before the sentence begins, and less so at its end
    moved = left.difference.max(axis=1)
    assert moved[size] > 1e-3
    assert moved[-1] < moved[size]


def test_a_chunk_that_begins_anew_forgets() -> None:
    text_model, size = model("gru"), 3
    found = read_in_company(text_model, TEXT, "reset", size)
    x = text_model.model.embed(text_model.encode(TEXT))
    expected = np.concatenate([states(text_model, chunk) for chunk in x.split(size)])
    np.testing.assert_allclose(found.hidden, expected, atol=1e-12)
    assert found.difference[:size].max() < 1e-12
    assert found.difference[size].max() > 1e-3
    one = read_in_company(text_model, TEXT, "reset", 99)
    assert one.difference.max() < 1e-12


@pytest.mark.parametrize("way", WAYS)
def test_losses_and_guess_are_those_of_the_recorded_states(way: str) -> None:
    text_model = model("lstm")
    found = read_in_company(text_model, "abZcd", way, 2)
    read_out = text_model.model.read_out
    assert isinstance(read_out, nn.Linear)
    with torch.no_grad():
        scores = read_out(torch.from_numpy(found.hidden))
    expected = functional.cross_entropy(scores[found.own][[0, 2, 3]], torch.tensor([1, 2, 3]),
                                        reduction="none")  # fmt: skip
    np.testing.assert_allclose(found.losses[[0, 2, 3]], expected, atol=1e-12)
    assert np.isnan(found.losses[1])  # nobody knows Z
    np.testing.assert_allclose(found.guess, torch.softmax(scores[-1], -1), atol=1e-12)


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="way is 'middle' and size 3; expected one of alone"):
        read_in_company(model("gru"), TEXT, "middle", 3)
    with pytest.raises(ValueError, match="size 0; expected"):
        read_in_company(model("gru"), TEXT, "left", 0)
    with pytest.raises(ValueError, match="of one direction"):
        read_in_company(model("gru", bidirectional=True), TEXT, "left", 2)
    with pytest.raises(ValueError, match="got a Recurrent"):
        read_in_company(model("jordan"), TEXT, "left", 2)
