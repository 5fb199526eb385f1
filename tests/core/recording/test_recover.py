"""Pre-activations in parts, and the open cell that holds a module's weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from core.recording import record
from core.recording.recover import open_cell, scan_cell_state
from core.recording.weights import layer_weights
from tests.core.recording.explicit import run
from tests.core.recording.models import BATCH, FEATURES, STEPS, UNITS, assert_same, build, draw


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu"])
def test_parts_sum_to_the_preactivation_and_give_the_gates(kind: str, bias: bool) -> None:
    module = build(kind, num_layers=2, bidirectional=True, bias=bias)
    trace = record(module, draw(STEPS, BATCH, FEATURES), parts=True)[""]
    gates = {
        "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
        "gru": ("reset_gate", "update_gate", "candidate"),
    }.get(kind, ("hidden",))
    for gate in gates:
        w, u, b = (trace[f"{gate}_{part}"] for part in ("from_input", "from_recurrent", "bias"))
        if kind == "gru" and gate == "candidate":
            u = trace["reset_gate"] * (u + trace["candidate_recurrent_bias"])
        a = trace[f"{gate}_preactivation"]
        np.testing.assert_allclose((w + u + b).values, a.values, atol=1e-13)
        activation = sigmoid if gate.endswith("_gate") else np.tanh
        activation = relu if kind == "rnn-relu" else activation
        np.testing.assert_allclose(activation(a.values), trace[gate].values, atol=1e-13)
        if not bias:
            assert not b.values.any()


def test_the_parts_are_the_products_that_they_claim_to_be() -> None:
    module, x = build("lstm"), draw(STEPS, BATCH, FEATURES)
    trace = record(module, x, parts=True)[""]
    W, U = module.weight_ih_l0.detach().numpy(), module.weight_hh_l0.detach().numpy()
    h = np.concatenate((trace["initial_hidden"].values[:, 0, 0], trace["hidden"].values[0, 0, :-1]))
    forget = slice(UNITS, 2 * UNITS)
    np.testing.assert_allclose(
        trace["forget_gate_from_input"].values[0, 0], x.numpy() @ W[forget].T, atol=1e-13
    )
    np.testing.assert_allclose(
        trace["forget_gate_from_recurrent"].values[0, 0], h @ U[forget].T, atol=1e-13
    )
    bias = (module.bias_ih_l0 + module.bias_hh_l0).detach().numpy()[forget]
    assert np.allclose(trace["forget_gate_bias"].values, bias)


def test_parts_do_not_change_the_rest() -> None:
    module, x = build("gru", num_layers=2), draw(STEPS, BATCH, FEATURES)
    plain, split = record(module, x)[""], record(module, x, parts=True)[""]
    for name in plain.signals:
        assert np.array_equal(plain[name].values, split[name].values)


def test_parts_of_packed_sequences_are_nan_beyond_the_end() -> None:
    packed = pack_padded_sequence(draw(4, 2, FEATURES), torch.tensor([2, 4]), enforce_sorted=False)
    trace = record(build("lstm", bidirectional=True), packed, parts=True)[""]
    values = trace["input_gate_from_input"].values
    assert np.isnan(values[:, :, 2:, 0]).all()
    assert np.isfinite(values[:, :, :, 1]).all()


def test_parts_of_a_projected_lstm_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no projection.*record .* without parts=True"):
        record(build("lstm-projected"), draw(2, 1, FEATURES), parts=True)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_open_cell_holds_the_weights(kind: str, bias: bool) -> None:
    module, x = build(kind, bias=bias), draw(STEPS, BATCH, FEATURES)
    cell = open_cell(layer_weights(module, 0, 0))
    state, hidden = cell.initial_state(BATCH), []
    for x_t in x:
        step = cell(x_t, state)
        state = step.state
        hidden.append(step.output)
    assert not any(parameter.requires_grad for parameter in cell.parameters())
    assert torch.stack(hidden).numpy() == pytest.approx(
        run(module, x).signals["hidden"][0, 0], abs=1e-13
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_the_scan_of_the_cell_state(dtype: torch.dtype) -> None:
    """numpy's loop and torch's give the same."""
    gates = {
        name: draw(STEPS, BATCH, UNITS, seed=seed).sigmoid().to(dtype)
        for seed, name in enumerate(("input_gate", "forget_gate", "candidate"))
    }
    cells = draw(STEPS + 1, BATCH, UNITS, seed=9).to(dtype)
    expected = [cells[0].double()]
    i, f, g = (gates[name].double() for name in ("input_gate", "forget_gate", "candidate"))
    for t in range(STEPS):
        expected.append(f[t] * expected[-1] + i[t] * g[t])
    scan_cell_state(gates, cells)
    tolerance = {torch.float64: 1e-15, torch.float32: 1e-6, torch.bfloat16: 0.05}[dtype]
    torch.testing.assert_close(
        cells.double(), torch.stack(expected), rtol=tolerance, atol=tolerance
    )


def test_gates_of_a_module_with_given_states() -> None:
    module, x = build("lstm"), draw(STEPS, BATCH, FEATURES)
    state = (draw(1, BATCH, UNITS), draw(1, BATCH, UNITS, seed=2))
    assert_same(record(module, (x, state))[""], run(module, x, state).signals)
