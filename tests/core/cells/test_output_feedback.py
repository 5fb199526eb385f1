"""Output feedback and nothing else, against its equation and against the cells beside it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.cells import ElmanCell, JordanCell, OutputFeedbackCell
from core.networks import ModelSettings, SequenceModel, unroll


def drawn(activation: str) -> OutputFeedbackCell:
    torch.manual_seed(2)
    return OutputFeedbackCell(3, 4, activation=activation).double()


def softmax(a: np.ndarray) -> np.ndarray:
    powers = np.exp(a - a.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(("activation", "f"), [("softmax", softmax), ("tanh", np.tanh)])
def test_it_is_its_equation(activation: str, f) -> None:
    """O_t = f(X W + O_(t-1) V + b), rows as it is often written: V is our U."""
    cell = drawn(activation)
    x = torch.randn(6, 2, 3, dtype=torch.float64)
    p = {name: value.detach().numpy() for name, value in cell.named_parameters()}
    W, V, b = p["weight_ih"].T, p["weight_hh"].T, p["bias_ih"] + p["bias_hh"]
    O = np.zeros((2, 4))  # noqa: E741
    for step, found in zip(x.numpy(), unroll(cell, x).outputs.detach().numpy()):
        O = f(step @ W + O @ V + b)  # noqa: E741
        np.testing.assert_allclose(found, O, atol=1e-12)


def test_it_is_an_elman_cell_that_shows_its_state() -> None:
    cell = drawn("tanh")
    elman = ElmanCell(3, 4).double()
    elman.load_state_dict(cell.state_dict())
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(unroll(cell, x).outputs, unroll(elman, x).outputs)


def test_it_is_a_jordan_cell_without_its_hidden_layer() -> None:
    """With V the identity and a linear hidden layer nothing of it is left."""
    cell = drawn("softmax")
    jordan = JordanCell(3, 4, activation="identity", output_activation="softmax").double()
    jordan.load_state_dict(
        cell.state_dict() | {"weight_ho": torch.eye(4).double(), "bias_ho": torch.zeros(4).double()}
    )
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(unroll(cell, x).outputs, unroll(jordan, x).outputs)


def test_a_network_of_it_answers_with_what_it_feeds_back() -> None:
    model = SequenceModel(ModelSettings("output-feedback", 5, 5)).double()
    ids = torch.tensor([[0], [3], [1]])
    logits, state = model(ids)
    torch.testing.assert_close(logits.softmax(-1)[-1], state[0])
    assert model.read_out is None


def test_what_cannot_be_built_is_said() -> None:
    with pytest.raises(ValueError, match="no hidden layer"):
        SequenceModel(ModelSettings("output-feedback", 5, 6))
    with pytest.raises(ValueError, match="one layer"):
        SequenceModel(ModelSettings("output-feedback", 5, 5, num_layers=2))
    with pytest.raises(ValueError, match="Activation"):
        OutputFeedbackCell(3, 4, activation="sine")
