"""Every variant against its equations in numpy, and its way through networks and recordings."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy import tanh
from torch import nn

from core import record
from core.cells import LSTM_VARIANTS, HigherOrderCell, LSTMCell, MinimalGatedUnit, make_cell
from core.networks import ModelSettings, Recurrent, SequenceModel

LSTM_KINDS = [variant.kind for variant in LSTM_VARIANTS]
KINDS = [*LSTM_KINDS, "mgu", "higher-order"]


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def relu(a: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0)


def numpy_step(kind: str, p: dict[str, np.ndarray], x, h, c) -> tuple[np.ndarray, np.ndarray]:
    """h_t and c_t by the published equations, gate by gate."""
    left_out = {
        "lstm-1997": "f",
        "lstm-cifg": "f",
        "lstm-no-input-gate": "i",
        "lstm-no-output-gate": "o",
    }.get(kind, "")
    letters = [letter for letter in "ifgo" if letter != left_out]
    a = {}
    for letter, W, U, b, b2 in zip(
        letters,
        *(np.split(p[n], len(letters)) for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")),
    ):
        a[letter] = x @ W.T + h @ U.T + b + b2
    if kind == "lstm-peephole":
        a["i"] = a["i"] + p["weight_ci"] * c
        a["f"] = a["f"] + p["weight_cf"] * c
    gate = relu if kind == "lstm-relu-gates" else sigmoid
    i = gate(a["i"]) if "i" in a else 1.0
    f = gate(a["f"]) if "f" in a else 1.0
    if kind == "lstm-cifg":
        f = 1 - i
    squash = {"lstm-no-input-activation": lambda v: v, "lstm-sigmoid-candidate": sigmoid}
    c = f * c + i * squash.get(kind, tanh)(a["g"])
    if kind == "lstm-peephole":
        a["o"] = a["o"] + p["weight_co"] * c
    o = gate(a["o"]) if "o" in a else 1.0
    return o * (c if kind == "lstm-no-output-activation" else tanh(c)), c


def as_numpy(cell: nn.Module) -> dict[str, np.ndarray]:
    return {name: value.detach().numpy() for name, value in cell.named_parameters()}


@pytest.mark.parametrize("kind", LSTM_KINDS)
def test_lstm_variants_equal_their_equations(kind):
    torch.manual_seed(0)
    cell = make_cell(kind, 3, 4).double()
    x, h, c = torch.randn(5, 3), torch.randn(5, 4), torch.randn(5, 4)
    x, h, c = x.double(), h.double(), c.double()
    step = cell(x, (h, c))
    expected = numpy_step(kind, as_numpy(cell), x.numpy(), h.numpy(), c.numpy())
    for found, value in zip(step.state, expected):
        np.testing.assert_allclose(found.detach(), value, atol=1e-12)
    plain = LSTMCell(3, 4).double()
    if set(dict(plain.named_parameters())) == set(dict(cell.named_parameters())):
        shapes = [p.shape for p in plain.parameters()]
        if shapes == [p.shape for p in cell.parameters()]:
            plain.load_state_dict(cell.state_dict())
            assert not torch.allclose(plain(x, (h, c)).output, step.output)


def test_the_minimal_gated_unit_equals_its_equations():
    torch.manual_seed(0)
    cell = MinimalGatedUnit(3, 4).double()
    x, h = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 4, dtype=torch.float64)
    p, x_, h_ = as_numpy(cell), x.numpy(), h.numpy()
    W_f, W_n = np.split(p["weight_ih"], 2)
    U_f, U_n = np.split(p["weight_hh"], 2)
    b_f, b_n = np.split(p["bias_ih"] + p["bias_hh"], 2)
    f = sigmoid(x_ @ W_f.T + h_ @ U_f.T + b_f)
    n = tanh(x_ @ W_n.T + (f * h_) @ U_n.T + b_n)
    np.testing.assert_allclose(cell(x, (h,)).output.detach(), (1 - f) * h_ + f * n, atol=1e-12)


@pytest.mark.parametrize("order", [1, 3])
def test_the_cell_of_higher_order_reads_the_last_k_states(order):
    torch.manual_seed(0)
    network = Recurrent("higher-order", 3, 4, order=order).double()
    inputs = torch.randn(6, 2, 3, dtype=torch.float64)
    outputs, state = network(inputs)
    p = as_numpy(network)
    states = [np.zeros((2, 4))] * order
    for x, found in zip(inputs.numpy(), outputs.detach().numpy()):
        a = x @ p["weight_ih_l0"].T + p["bias_ih_l0"] + p["bias_hh_l0"]
        for lag in range(order):
            a = a + states[lag] @ p["weight_hh_l0"][:, 4 * lag : 4 * lag + 4].T
        states = [tanh(a), *states[:-1]]
        np.testing.assert_allclose(found, states[0], atol=1e-12)
    last = state if isinstance(state, torch.Tensor) else state[order - 1]
    np.testing.assert_allclose(last[0].detach(), states[-1], atol=1e-12)


def test_order_one_is_the_elman_cell():
    torch.manual_seed(0)
    elman, first = Recurrent("elman", 3, 4), Recurrent("higher-order", 3, 4, order=1)
    first.load_state_dict(elman.state_dict())
    inputs = torch.randn(5, 1, 3)
    torch.testing.assert_close(first(inputs)[0], elman(inputs)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_derivatives_pass_gradcheck(kind):
    torch.manual_seed(0)
    cell = make_cell(kind, 2, 3).double()
    x = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
    state = tuple(
        torch.randn(2, size, dtype=torch.float64, requires_grad=True) for size in cell.state_sizes
    )
    assert torch.autograd.gradcheck(lambda x, *s: cell(x, s).state, (x, *state))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bias", [True, False])
def test_the_parts_of_a_preactivation_add_up(kind, bias):
    torch.manual_seed(0)
    cell = make_cell(kind, 3, 4, bias=bias).double()
    state = tuple(torch.randn(2, size, dtype=torch.float64) for size in cell.state_sizes)
    signals = cell(torch.randn(2, 3, dtype=torch.float64), state).signals
    for gate in cell.gates:
        parts = [
            signals[f"{gate}_{part}"]
            for part in ("from_input", "from_recurrent", "from_cell", "bias")
            if f"{gate}_{part}" in signals
        ]
        assert len(parts) >= 3
        torch.testing.assert_close(sum(parts), signals[f"{gate}_preactivation"])
        assert gate in signals
        assert bool(signals[f"{gate}_bias"].any()) == bias


@pytest.mark.parametrize("variant", LSTM_VARIANTS)
def test_hidden_by_cell_is_the_derivative_within_the_step(variant):
    torch.manual_seed(0)
    cell = variant(3, 4).double()
    x, h = torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 4, dtype=torch.float64)
    c_previous = torch.randn(2, 4, dtype=torch.float64, requires_grad=True)
    step = cell(x, (h, c_previous))
    signals = step.signals
    # c_{t-1} reaches h_t through c_t alone, so the chain rule gives dh_t/dc_t
    by_hidden, by_cell = (
        torch.autograd.grad(signals[name].sum(), c_previous, retain_graph=True)[0]
        for name in ("hidden", "cell")
    )
    found = cell.hidden_by_cell(signals["cell"], signals["output_gate"])
    assert (by_cell.abs() > 1e-3).any()
    torch.testing.assert_close(found * by_cell, by_hidden, atol=1e-12, rtol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_variant_is_recorded_in_layers_and_directions(kind):
    torch.manual_seed(0)
    network = Recurrent(kind, 3, 4, num_layers=2, bidirectional=True)
    trace = record(network, torch.randn(6, 2, 3), parts=True)[""]
    assert trace["hidden"].shape == (2, 2, 6, 2, 4)
    assert trace.settings["kind"] == kind
    for gate in network.cells[0][0].gates:
        assert trace[f"{gate}_from_recurrent"].shape == trace["hidden"].shape
    if "cell" in trace:
        kept = trace["forget_gate"].values[:, :, 1:]
        c = trace["cell"].values
        # forward direction: c_t = f c_{t-1} + i g, whatever the variant changed
        written = (trace["input_gate"] * trace["candidate"]).values
        expected = kept[:, 0] * c[:, 0, :-1] + written[:, 0, 1:]
        np.testing.assert_allclose(c[:, 0, 1:], expected, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_every_variant_trains_in_a_sequence_model(kind):
    torch.manual_seed(0)
    model = SequenceModel(ModelSettings(kind, 4, 8))
    optimizer = torch.optim.Adam(model.parameters(), 0.03)
    ids = torch.tensor([0, 1, 2, 3, 0, 1, 2, 3])[:, None]
    losses = []
    for _ in range(40):
        logits, _ = model(ids[:-1])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), ids[1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_a_coupled_gate_writes_what_it_forgets_and_1997_forgets_nothing():
    x, state = torch.randn(2, 3), (torch.randn(2, 4), torch.randn(2, 4))
    coupled = make_cell("lstm-cifg", 3, 4)(x, state).signals
    torch.testing.assert_close(coupled["input_gate"] + coupled["forget_gate"], torch.ones(2, 4))
    assert (make_cell("lstm-1997", 3, 4)(x, state).signals["forget_gate"] == 1).all()


def test_sizes_and_orders_below_one_are_refused():
    with pytest.raises(ValueError, match="hidden_size is 0"):
        make_cell("lstm-cifg", 3, 0)
    with pytest.raises(ValueError, match="order is 0"):
        HigherOrderCell(3, 4, order=0)
    with pytest.raises(ValueError, match="lstm-peephole"):
        make_cell("lstm-2", 3, 4)
