"""A model reading a text: probabilities, losses and unknown characters."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import TextModel
from core.recording import read_text
from core.recording.reading import following

TEXT = "abcab"


@pytest.fixture(name="text_model", params=["elman", "jordan", "lstm", "gru", "gru-original"])
def small_model(request) -> TextModel:
    torch.manual_seed(0)
    model = SequenceModel(ModelSettings(request.param, vocabulary_size=3, hidden_size=4)).eval()
    return TextModel(request.param, model, Vocabulary.of("abc"), {"seed": 5})


def test_what_a_reading_holds(text_model: TextModel) -> None:
    trace = read_text(text_model, TEXT)
    assert trace.tokens == list(TEXT)
    assert trace["prediction"].dims == ("time", "batch", "class")
    assert trace.data["class"].values.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(trace["prediction"].sum("class"), 1, atol=1e-6)
    assert trace.settings["loss_at"] == "last"
    assert {"grad_hidden", "hidden"} <= set(trace.signals)


def test_predictions_are_the_models(text_model: TextModel) -> None:
    trace = read_text(text_model, TEXT, loss_at=None)
    with torch.no_grad():
        logits, _ = text_model.model(text_model.encode(TEXT))
    np.testing.assert_allclose(trace["prediction"], logits.softmax(-1), atol=1e-6)
    assert "grad_hidden" not in trace
    targets = following(text_model.encode(TEXT), logits)
    assert targets[:, 0].tolist() == [1, 2, 0, 1, int(logits[-1, 0].argmax())]


@pytest.mark.parametrize("loss_at", ["last", "every"])
def test_the_loss(text_model: TextModel, loss_at: str) -> None:
    """grad_hidden at the last step is what the loss says of the last state directly."""
    trace = read_text(text_model, TEXT, loss_at=loss_at)
    if text_model.model.read_out is None:
        return  # a Jordan network predicts with the output that it feeds back
    p = trace["prediction"].values[-1, 0]
    wanted = p - np.eye(3)[p.argmax()]
    steps = 1 if loss_at == "last" else len(TEXT)
    weight = text_model.model.read_out.weight.detach().numpy()
    np.testing.assert_allclose(
        trace["grad_hidden"].values[0, 0, -1, 0], wanted @ weight / steps, atol=1e-6
    )


def test_unknown_characters_are_no_targets(text_model: TextModel) -> None:
    trace = read_text(text_model, "ab?b", loss_at="every")
    assert trace.tokens == ["a", "b", "?", "b"]
    assert np.isfinite(trace["grad_hidden"].values).all()
    if text_model.model.read_out is None:
        return
    p = trace["prediction"].values[:, 0]
    weight = text_model.model.read_out.weight.detach().numpy()
    last = (p[-1] - np.eye(3)[p[-1].argmax()]) @ weight / 3  # three targets are known
    np.testing.assert_allclose(trace["grad_hidden"].values[0, 0, -1, 0], last, atol=1e-6)


def test_an_empty_text(text_model: TextModel) -> None:
    with pytest.raises(ValueError, match=r"text is empty"):
        read_text(text_model, "")
