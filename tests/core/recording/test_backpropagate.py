"""The recursion by itself, against autograd on the same equations."""

from __future__ import annotations

import pytest
import torch

from core.recording.backpropagate import backpropagate, weight_norms
from core.recording.layer_run import with_start
from core.recording.recover import recover_gates, scan_cell_state
from core.recording.weights import layer_weights
from tests.core.recording.models import BATCH, FEATURES, STEPS, UNITS, build, draw, draw_state


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["lstm", "lstm-projected", "gru", "rnn-tanh", "rnn-relu"])
def test_gradient_for_the_input_and_the_recurrent_weights(kind: str, seed: int) -> None:
    module = build(kind, seed)
    x = draw(STEPS, BATCH, FEATURES, seed=seed).requires_grad_()
    start = draw_state(module, BATCH, seed)
    output, _ = module(x, start if len(start) > 1 else start[0])
    slope = draw(*output.shape, seed=seed + 5)
    output.backward(slope)

    with torch.no_grad():
        weights, states = layer_weights(module, 0, 0), with_start(start[0][0], output)
        signals = recover_gates(weights, x, states[:-1]) | {"hidden": states[1:]}
        direct_cell = cells = None
        if kind.startswith("lstm"):
            cells = with_start(start[1][0], torch.zeros(STEPS, BATCH, UNITS, dtype=x.dtype))
            scan_cell_state(signals, cells)
            signals["cell"], direct_cell = cells[1:], torch.zeros_like(cells[1:])
        found = backpropagate(
            weights,
            signals,
            states[:-1],
            None if cells is None else cells[:-1],
            slope.clone(),
            direct_cell,
        )
    torch.testing.assert_close(found.input, x.grad, rtol=1e-11, atol=1e-11)
    gradient_U = torch.einsum("tbr,tbh->rh", found.recurrent_rows, states[:-1])
    torch.testing.assert_close(gradient_U, module.weight_hh_l0.grad, rtol=1e-11, atol=1e-11)
    bias = found.recurrent_rows.sum(dim=(0, 1))
    torch.testing.assert_close(bias, module.bias_hh_l0.grad, rtol=1e-11, atol=1e-11)


def test_norms_without_forming_the_products() -> None:
    rows, states = draw(STEPS, BATCH, 6), draw(STEPS, BATCH, UNITS, seed=2)
    products = torch.einsum("tbr,tbh->trh", rows, states)
    torch.testing.assert_close(weight_norms(rows, states), products.flatten(1).norm(dim=1))


def test_nothing_is_computed_for_a_layer_that_nobody_asks_about() -> None:
    module = build("gru")
    weights, h = layer_weights(module, 0, 0), draw(STEPS + 1, BATCH, UNITS)
    signals = recover_gates(weights, draw(STEPS, BATCH, FEATURES), h[:-1]) | {"hidden": h[1:]}
    found = backpropagate(weights, signals, h[:-1], None, torch.ones_like(h[1:]), below=False)
    assert found.input is None


def test_exploding_gradients_become_infinite_without_a_warning(recwarn) -> None:
    module = build("rnn-relu", dtype=torch.float32)
    weights = layer_weights(module, 0, 0)
    weights = weights._replace(U=torch.full_like(weights.U, 1e9))
    h = torch.ones(STEPS + 1, BATCH, UNITS)
    found = backpropagate(weights, {"hidden": h[1:]}, h[:-1], None, torch.ones_like(h[1:]))
    assert torch.isinf(found.hidden[0]).all()
    assert not recwarn.list
