"""Interventions against networks that are built to do the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import Hold, Patch, Silence, gradient_norms, horizon, intervene, intervened
from core.networks import ModelSettings, Recurrent, SequenceModel
from tests.core.gradients.examples import VARIANTS, example

HELD = [
    ("lstm", "input_gate"),
    ("lstm", "forget_gate"),
    ("lstm", "candidate"),
    ("lstm", "output_gate"),
    ("gru", "reset_gate"),
    ("gru", "update_gate"),
    ("gru-original", "reset_gate"),
    ("gru-original", "candidate"),
    ("mgu", "forget_gate"),
    ("lstm-cifg", "input_gate"),
    ("lstm-peephole", "output_gate"),
    ("lstm-relu-gates", "forget_gate"),
    ("lstm-no-input-activation", "candidate"),
    ("lstm-sigmoid-candidate", "candidate"),
]


def read(model: nn.Module, inputs: torch.Tensor, *changes) -> tuple[torch.Tensor, object]:
    """The outputs and the recording, without gradients."""
    result = intervene(model, inputs, *changes)
    return result.after.output[0], result.after.trace


@pytest.mark.parametrize(
    ("kind", "gate", "bias"), [(*held, True) for held in HELD] + [("gru", "reset_gate", False)]
)
def test_a_held_gate_says_its_value_and_the_rest_follows_the_equations(kind, gate, bias):
    case = example(kind, num_layers=2, bias=bias)
    plain = case.trace
    outputs, trace = read(case.network, case.inputs, Hold(gate, 0.3, units=[1, 3], steps=[2, 4]))
    values = trace[gate].values[1, 0]
    for t in (2, 4):
        np.testing.assert_allclose(values[t][:, [1, 3]], 0.3, atol=1e-12)
        assert not np.isclose(values[t][:, [0, 2]], 0.3).any()
    np.testing.assert_array_equal(values[:2], plain[gate].values[1, 0, :2])
    np.testing.assert_array_equal(trace["hidden"].values[0], plain["hidden"].values[0])
    assert abs(trace["hidden"].values[1, 0, 2] - plain["hidden"].values[1, 0, 2]).max() > 1e-4
    np.testing.assert_array_equal(outputs.detach(), trace["output"].values[1, 0])


@pytest.mark.parametrize("gate", ["input_gate", "forget_gate", "output_gate"])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_holding_a_gate_equals_weights_that_can_say_nothing_else(gate, value):
    case = example("lstm")
    built = Recurrent("lstm", 3, 4).double()
    built.load_state_dict(case.network.state_dict())
    first = 4 * ("input_gate", "forget_gate", "candidate", "output_gate").index(gate)
    with torch.no_grad():
        for parameter in built.parameters():
            parameter[first : first + 4] = 0
        saturated = torch.tensor(value, dtype=torch.float64).logit().clamp(-1e3, 1e3)
        built.bias_ih_l0[first : first + 4] = saturated
    outputs, trace = read(case.network, case.inputs, Hold(gate, value))
    assert (trace[gate] == value).all() or value == 0.3
    torch.testing.assert_close(outputs, built(case.inputs)[0].detach(), atol=1e-12, rtol=0)


def test_several_holds_on_one_cell_hold_together():
    case = example("lstm")
    values = [0.1, 0.2, 0.3, 0.4]
    _, trace = read(
        case.network,
        case.inputs,
        Hold("forget_gate", 1.0),
        Hold("input_gate", values),
        Hold("forget_gate", 0.0, units=[0], steps=[-1]),
    )
    np.testing.assert_allclose(trace["input_gate"][0, 0], np.tile(values, (7, 2, 1)), atol=1e-12)
    assert (trace["forget_gate"][0, 0, :-1] == 1).all()
    np.testing.assert_array_equal(trace["forget_gate"][0, 0, -1, 0], [0, 1, 1, 1])
    written = trace["input_gate"] * trace["candidate"]
    kept = written[0, 0, :-1].sum("time")
    np.testing.assert_allclose(trace["cell"][0, 0, -2], kept, atol=1e-12)


def test_a_silenced_unit_equals_a_column_of_zeros():
    case = example("gru", num_layers=2)
    read_out = nn.Linear(4, 2).double()
    outputs, trace = read(case.network, case.inputs, Silence(units=[2], layer=0))
    built = Recurrent("gru", 3, 4, num_layers=2).double()
    built.load_state_dict(case.network.state_dict())
    with torch.no_grad():
        built.weight_hh_l0[:, 2] = 0
        built.weight_ih_l1[:, 2] = 0
    # the unit's own copy of its state is silenced too, which no weight could do
    others = [0, 1, 3]
    np.testing.assert_allclose(
        trace["hidden"].values[0, 0][..., others],
        record(built, case.inputs)[""]["hidden"].values[0, 0][..., others],
        atol=1e-12,
    )
    torch.testing.assert_close(outputs, built(case.inputs)[0].detach(), atol=1e-12, rtol=0)
    assert not trace["hidden"].values[0, 0, ..., 2].any()
    assert read_out(outputs).shape == (7, 2, 2)


@pytest.mark.parametrize("kind", ["elman", "gru", "higher-order"])
def test_a_patched_hidden_state_is_read_by_all_that_follows(kind):
    case = example(kind, batch=1)
    patched = [0.5, -0.5, 0.25, 0.0]
    outputs, trace = read(case.network, case.inputs, Patch("hidden", patched, steps=[3]))
    np.testing.assert_array_equal(trace["hidden"].values[0, 0, 3, 0], patched)
    cell, plain = case.network.cells[0][0], case.network(case.inputs)[0]
    torch.testing.assert_close(outputs[:3], plain[:3].detach())
    state = cell.initial_state(1)
    for x in case.inputs[:4]:
        state = cell(x, state).state
    state = (torch.tensor([patched], dtype=torch.float64), *state[1:])
    rest, _ = case.network(case.inputs[4:], tuple(part[None] for part in state))
    torch.testing.assert_close(outputs[4:], rest.detach(), atol=1e-12, rtol=0)


def test_a_patched_cell_state_is_what_the_next_step_is_given():
    case = example("lstm", batch=1)
    _, trace = read(case.network, case.inputs, Patch("cell", 2.0, units=[0], steps=[3]))
    plain = case.trace
    np.testing.assert_array_equal(trace["hidden"][0, 0, 3], plain["hidden"][0, 0, 3])
    assert trace["cell"].values[0, 0, 3, 0, 0] == 2
    gates = {name: trace[name].values[0, 0, 4, 0, 0] for name in trace.signals if "gate" in name}
    written = gates["input_gate"] * trace["candidate"].values[0, 0, 4, 0, 0]
    expected = gates["forget_gate"] * 2 + written
    assert trace["cell"].values[0, 0, 4, 0, 0] == pytest.approx(expected, abs=1e-12)


def test_steps_are_those_of_the_inputs_in_the_backward_direction_too():
    case = example("gru", bidirectional=True)
    hold = Hold("update_gate", 0.5, steps=[5], direction=1)
    _, trace = read(case.network, case.inputs, hold)
    np.testing.assert_allclose(trace["update_gate"].values[0, 1, 5], 0.5)
    assert not np.isclose(trace["update_gate"].values[0, 1, 1], 0.5).all()
    plain = case.trace["hidden"].values[0, 1]
    np.testing.assert_array_equal(trace["hidden"].values[0, 1, 6], plain[6])
    assert abs(trace["hidden"].values[0, 1, 0] - plain[0]).max() > 1e-6


@pytest.mark.parametrize("kind", ["lstm", "gru", "mgu", "elman", *VARIANTS])
def test_gradients_are_those_of_the_changed_network(kind):
    """A nudge of the hidden state, put in by hand, changes the loss as the gradient says."""
    case = example(kind, batch=1)
    changes = [Silence(units=[3], steps=[4, 5])]
    if kind != "elman":
        changes.append(Hold("candidate", 0.5, units=[0]))

    def loss(out) -> torch.Tensor:
        return (out[0] * case.loss_weights).sum()

    result = intervene(case.network, case.inputs, *changes, loss=loss, parts=True)
    after = result.after.trace
    assert "grad_weight_norm" not in after
    assert "Silence" in after.settings["interventions"]
    assert abs(after["grad_hidden"] - result.before.trace["grad_hidden"]).max() > 1e-6
    size, step, unit = 1e-5, 2, 1
    hidden = float(after["hidden"][0, 0, step, 0, unit])
    losses = []
    for sign in (1, -1):
        nudge = Patch("hidden", hidden + sign * size, units=[unit], steps=[step])
        with intervened(case.network, *changes, nudge) as opened:
            losses.append(float(loss(opened(case.inputs)).detach()))
    expected = (losses[0] - losses[1]) / (2 * size)
    assert float(after["grad_hidden"][0, 0, step, 0, unit]) == pytest.approx(expected, abs=1e-8)
    assert result.before.trace["hidden"].shape == after["hidden"].shape


def test_a_sequence_model_changes_its_mind():
    torch.manual_seed(0)
    model = SequenceModel(ModelSettings("lstm", 5, 6))
    ids = torch.randint(5, (8, 1))
    before, after = intervene(model, ids, Silence(), tokens=list("abcdefgh"))
    plain = model(ids)[0]
    torch.testing.assert_close(before.output[0], plain.detach(), atol=1e-6, rtol=0)
    bias = model.read_out.bias.detach().expand_as(plain)
    torch.testing.assert_close(after.output[0], bias, atol=1e-6, rtol=0)
    assert after.trace.tokens == list("abcdefgh")


def test_holding_the_forget_gates_open_makes_the_gradient_survive():
    torch.manual_seed(0)
    network = nn.LSTM(4, 16).double()
    inputs = torch.randn(120, 1, 4, dtype=torch.float64)

    def loss(out) -> torch.Tensor:
        return out[0][-1].sum()

    before, after = intervene(network, inputs, Hold("forget_gate", 1.0), loss=loss)
    norms = {
        name: gradient_norms(reading.trace).sel(signal="grad_cell").values[0, 0, :, 0]
        for name, reading in (("before", before), ("after", after))
    }
    assert norms["before"][0] < 1e-15 * norms["before"][-1]
    assert norms["after"][0] > 0.1 * norms["after"][-1]
    assert horizon(norms["before"], 0.01) < 20
    assert horizon(norms["after"], 0.01) is None


def test_the_model_is_left_as_it_was_also_after_an_error():
    case = example("gru")
    cell = case.network.cells[0][0]
    with intervened(case.network, Hold("update_gate", 0.0), Silence()) as opened:
        assert opened is case.network
        assert not opened(case.inputs)[0].any()
    with pytest.raises(ValueError, match="inputs have shape"):
        intervene(case.network, case.inputs[:, 0], Silence())
    assert not cell._forward_hooks
    assert not case.network._forward_pre_hooks
    hidden = record(case.network, case.inputs)[""]["hidden"]
    np.testing.assert_array_equal(hidden, case.trace["hidden"])


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("gru", Hold("forget_gate", 1), "no gate 'forget_gate' to hold; it has: reset_gate"),
        ("elman", Hold("hidden", 1), "it has: none"),
        ("lstm-cifg", Hold("forget_gate", 1), "it has: input_gate, candidate"),
        ("lstm", Hold("forget_gate", 1.5), "sigmoid lies between 0 and 1"),
        ("lstm", Hold("candidate", -2), "tanh lies between -1 and 1"),
        ("lstm-relu-gates", Hold("input_gate", -1), "relu lies between 0 and inf"),
        ("gru", Hold("update_gate", 1, units=[4]), "there are units 0 to 3"),
        ("gru", Hold("update_gate", [1, 0], units=[1]), "2 values were given for 1 units"),
        ("gru", Hold("update_gate", 1, layer=1), "no layer 1"),
        ("gru", Silence(direction=1), "no layer -1 with direction 1"),
        ("gru", Patch("cell", 1), "no state 'cell' to patch; it hands on: hidden"),
    ],
)
def test_what_cannot_be_done_is_refused(kind, change, message):
    case = example(kind)
    with pytest.raises(ValueError, match=message):
        intervene(case.network, case.inputs, change)
    assert not case.network._forward_pre_hooks


def test_a_model_that_cannot_be_opened_is_refused():
    with pytest.raises(TypeError, match="Linear cannot be opened"):
        intervene(nn.Linear(2, 2), torch.zeros(1, 2))
