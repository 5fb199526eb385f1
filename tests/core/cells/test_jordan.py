"""The Jordan cell against numpy: it is the output that is fed back."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.cells import JordanCell
from core.networks import Recurrent, unroll
from tests.core.cells.test_elman import ACTIVATIONS

INPUTS, UNITS, OUTPUTS, BATCH, STEPS = 3, 4, 2, 2, 6


def softmax(a: np.ndarray) -> np.ndarray:
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def drawn_jordan(seed: int, **options) -> JordanCell:
    torch.manual_seed(seed)
    cell = JordanCell(INPUTS, UNITS, OUTPUTS, **options).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.normal_()
    return cell


def numpy_sequence(cell: JordanCell, xs: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Outputs and hidden states by the equations of the docstring, in numpy."""
    p = {name: value.detach().numpy() for name, value in cell.named_parameters()}
    bias = [p.get(name, 0.0) for name in ("bias_ih", "bias_hh", "bias_ho")]
    phi = ACTIVATIONS[cell.activation]
    psi = softmax if cell.output_activation == "softmax" else ACTIVATIONS[cell.output_activation]
    outputs, hidden = [], []
    for x in xs:
        h = phi(x @ p["weight_ih"].T + bias[0] + y @ p["weight_hh"].T + bias[1])
        y = psi(h @ p["weight_ho"].T + bias[2])
        hidden.append(h)
        outputs.append(y)
    return np.stack(outputs), np.stack(hidden)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output_activation", ["identity", "softmax", "sigmoid"])
def test_a_sequence_against_the_formula(
    activation: str, output_activation: str, seed: int, bias: bool
) -> None:
    cell = drawn_jordan(seed, activation=activation, output_activation=output_activation, bias=bias)
    if activation in ("relu", "elu", "identity"):  # keep what is unbounded from growing
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.mul_(0.3)
    xs = torch.randn(STEPS, BATCH, INPUTS, dtype=torch.float64)
    y0 = torch.randn(BATCH, OUTPUTS, dtype=torch.float64)
    run = unroll(cell, xs, (y0,))
    outputs, hidden = numpy_sequence(cell, xs.numpy(), y0.numpy())
    np.testing.assert_allclose(run.outputs.detach(), outputs, rtol=1e-12, atol=1e-12)
    for step, h in zip(run.steps, hidden):
        np.testing.assert_allclose(step.signals["hidden"].detach(), h, rtol=1e-12, atol=1e-12)
    assert run.state[0] is run.steps[-1].output


def test_a_network_of_them_starts_from_an_output_of_zero() -> None:
    torch.manual_seed(0)
    network = Recurrent("jordan", INPUTS, UNITS, output_size=OUTPUTS).double()
    xs = torch.randn(STEPS, BATCH, INPUTS, dtype=torch.float64)
    wanted, _ = numpy_sequence(network.cells[0][0], xs.numpy(), np.zeros((BATCH, OUTPUTS)))
    outputs, final = network(xs)
    np.testing.assert_allclose(outputs.detach(), wanted, atol=1e-13)
    np.testing.assert_allclose(final[0].detach(), wanted[-1], atol=1e-13)


def test_what_the_output_does_not_say_is_forgotten() -> None:
    """Two pasts with the same output have the same future, whatever their hidden states were."""
    cell = drawn_jordan(0)
    with torch.no_grad():
        cell.weight_ho.zero_()
    one, two = (torch.randn(1, INPUTS, dtype=torch.float64) for _ in range(2))
    zero = cell.initial_state(1)
    first, second = cell(one, zero), cell(two, zero)
    assert not torch.equal(first.signals["hidden"], second.signals["hidden"])
    assert torch.equal(cell(one, first.state).output, cell(one, second.state).output)


def test_softmax_feeds_back_probabilities() -> None:
    cell = drawn_jordan(0, output_activation="softmax")
    (y,) = cell(torch.randn(5, INPUTS, dtype=torch.float64), cell.initial_state(5)).state
    torch.testing.assert_close(y.sum(dim=-1), torch.ones(5, dtype=torch.float64))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"output_size": 0}, "output_size is 0"),
        ({"activation": "softmax"}, "Activation 'softmax' is not known"),
        ({"output_activation": "max"}, "Activation 'max' is not known; .*softmax"),
    ],
)
def test_wrong_options(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        JordanCell(2, 2, **options)
