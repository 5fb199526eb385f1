"""The T x T map against one backward pass of autograd for each loss."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import direct_gradient, influence
from core.networks import ModelSettings, SequenceModel
from tests.core.gradients.examples import ALL_KINDS, example, state_gradients


def by_autograd(case, name: str) -> np.ndarray:
    """(layer, direction, loss_time, time, batch), one row of losses at a time."""
    rows = []
    for t in range(len(case.inputs)):
        gradients = state_gradients(
            case.network, case.inputs, name, lambda y, t=t: (y[t] * case.loss_weights[t]).sum()
        )
        rows.append(np.linalg.norm(gradients, axis=-1))
    return np.stack(rows, axis=2)


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (2, False), (2, True)])
def test_every_entry_equals_autograd(kind, layers, bidirectional):
    case = example(kind, num_layers=layers, bidirectional=bidirectional)
    found = influence(case.trace, case.network, case.direct)
    for state in found["state"].values:
        expected = by_autograd(case, str(state))
        assert expected.max() > 1e-2
        np.testing.assert_allclose(found.sel(state=state), expected, atol=1e-10)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "elu", "identity"])
def test_every_activation_has_its_slope(activation):
    case = example("elman", activation=activation)
    found = influence(case.trace, case.network, case.direct)
    np.testing.assert_allclose(found.values[0], by_autograd(case, "hidden"), atol=1e-10)


@pytest.mark.parametrize("module", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_fused_module_gives_the_map_of_its_open_twin(module):
    torch.manual_seed(0)
    fused = module(3, 4, num_layers=2, bias=False).double()
    inputs = torch.randn(6, 1, 3, dtype=torch.float64)
    direct = torch.randn(6, 1, 4, dtype=torch.float64)
    trace = record(fused, inputs)[""]
    found = influence(trace, fused, direct)
    for t in range(6):
        one = record(fused, inputs, loss=lambda out, t=t: (out[0][t] * direct[t]).sum())[""]
        expected = np.linalg.norm(one["grad_hidden"], axis=-1)
        np.testing.assert_allclose(found.sel(state="hidden", loss_time=t), expected, atol=1e-12)


def test_no_loss_looks_into_the_future():
    case = example("lstm")
    found = influence(case.trace, case.network, case.direct).isel(layer=0, direction=0, batch=0)
    later = found["time"] > found["loss_time"]
    assert float(found.where(later, 0).max()) == 0
    assert float(found.where(~later, np.inf).min()) > 0


def test_float32_keeps_its_precision_and_drops_what_vanished():
    torch.manual_seed(0)
    network = nn.RNN(2, 3)
    with torch.no_grad():
        network.weight_hh_l0.copy_(0.1 * torch.eye(3))
    trace = record(network, torch.randn(60, 1, 2))[""]
    found = influence(trace, network, torch.ones(60, 1, 3)).values[0, 0, 0, ..., 0]
    assert found[59, 59] == pytest.approx(3**0.5)
    assert 0 < found[59, 40] < 1e-15
    assert found[59, 0] == 0


def test_direct_gradient_is_that_of_the_read_out_alone():
    torch.manual_seed(0)
    model = SequenceModel(ModelSettings("gru", 5, 6)).double()
    ids = torch.randint(5, (8, 1))
    logits_loss = nn.functional.cross_entropy
    trace = record(model, ids)["rnn"]
    direct = direct_gradient(
        trace, lambda h: logits_loss(model.read_out(h).flatten(0, 1), ids.flatten())
    )
    probabilities = torch.softmax(model(ids)[0], dim=-1)
    wrong = probabilities - nn.functional.one_hot(ids, 5)
    expected = wrong @ model.read_out.weight / 8
    torch.testing.assert_close(direct, expected.detach(), atol=1e-12, rtol=0)
    assert influence(trace, model, direct).shape == (1, 1, 1, 8, 8, 1)


def test_what_does_not_fit_is_refused():
    case = example("gru")
    with pytest.raises(ValueError, match=r"direct has shape \(3, 2, 4\); expected .* \(7, 2, 4\)"):
        influence(case.trace, case.network, case.direct[:3])
    with pytest.raises(ValueError, match="one number"):
        direct_gradient(case.trace, lambda h: h)
    with pytest.raises(ValueError, match="give the network that was recorded"):
        influence(case.trace, example("lstm").network, case.direct)
    with pytest.raises(TypeError, match="Linear has no recurrent layers"):
        influence(case.trace, nn.Linear(2, 2), case.direct)


def test_padded_and_joined_recordings_are_refused():
    network = nn.GRU(3, 4)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(5, 2, 3), torch.tensor([5, 3]))
    padded = record(network, packed)[""]
    with pytest.raises(ValueError, match="padded sequence"):
        influence(padded, network, torch.zeros(5, 2, 4))

    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = network

        def forward(self, x):
            return self.rnn(self.rnn(x)[0][..., :3])[0]

    joined = record(Twice(), torch.randn(4, 1, 3))["rnn"]
    with pytest.raises(ValueError, match="joins 2 calls"):
        influence(joined, network, torch.zeros(8, 1, 4))


def test_a_cell_without_closed_form_asks_for_the_parts():
    case = example("mgu")
    bare = record(case.network, case.inputs)[""]
    with pytest.raises(ValueError, match="record with parts=True"):
        influence(bare, case.network, case.direct)
