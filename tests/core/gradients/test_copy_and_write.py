"""The copy and the write of a GRU, each held without the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import Hold
from core.gradients.copy_and_write import held_apart
from core.gradients.held_weights import held_throughout
from core.gradients.reach import dependence
from core.networks import ModelSettings, SequenceModel

INPUTS = torch.linspace(-1, 1, 21, dtype=torch.float64).view(7, 1, 3)


def gru() -> nn.GRU:
    torch.manual_seed(2)
    return nn.GRU(3, 5).double().eval()


def by_hand(network: nn.GRU, copy: float | None, write: float | None) -> torch.Tensor:
    """The equations written out, from torch's weights alone."""
    h, states = torch.zeros(1, 5, dtype=torch.float64), []
    for x in INPUTS:
        a = x @ network.weight_ih_l0.T + network.bias_ih_l0
        b = h @ network.weight_hh_l0.T + network.bias_hh_l0
        r, z = torch.sigmoid(a[:, :5] + b[:, :5]), torch.sigmoid(a[:, 5:10] + b[:, 5:10])
        n = torch.tanh(a[:, 10:] + r * b[:, 10:])
        h = (1 - z if write is None else write) * n + (z if copy is None else copy) * h
        states.append(h)
    return torch.stack(states)


@pytest.mark.parametrize(("copy", "write"), [(None, None), (0.0, None), (None, 1.0), (0.3, 0.6)])
def test_the_states_and_gradients_are_those_of_the_written_out_equations(copy, write) -> None:
    network = gru()
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    held = held_apart(network, copy=copy, write=write)
    outputs = held(INPUTS)[0]
    expected = by_hand(network, copy, write)
    torch.testing.assert_close(outputs, expected)
    outputs.square().sum().backward()
    expected.square().sum().backward()
    torch.testing.assert_close(held.weight_hh_l0.grad, network.weight_hh_l0.grad)
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())


def test_both_together_are_a_held_update_gate() -> None:
    network = gru()
    both = held_apart(network, copy=0.0, write=1.0)(INPUTS)[0]
    gate = held_throughout(network, Hold("update_gate", 0.0))(INPUTS)[0]
    torch.testing.assert_close(both, gate)
    alone = held_apart(network, copy=0.0)(INPUTS)[0]
    assert (alone - gate).abs().max() > 0.05


@pytest.mark.parametrize(("copy", "write"), [(0.0, None), (None, 1.0)])
def test_the_dependence_is_autograds(copy, write) -> None:
    torch.manual_seed(4)
    settings = ModelSettings("gru", vocabulary_size=4, hidden_size=5)
    model = SequenceModel(settings).double().eval()
    ids = torch.tensor([[0], [3], [1], [2], [0], [1]])
    held = held_apart(model, copy=copy, write=write)
    (trace,) = record(held, ids, parts=True).values()
    found = dependence(trace, held, gaps=3)
    x, cell = model.embed(ids), held.rnn.cells[0][0]
    states = [torch.zeros(1, 5, dtype=torch.float64)]
    for at in range(6):
        states.append(cell(x[at], (states[-1],)).state[0].detach())
    for gap in (1, 2, 3):
        sizes = []
        for t in range(4, 7):

            def later(h: torch.Tensor, t: int = t, gap: int = gap) -> torch.Tensor:
                for at in range(t - gap, t):
                    (h,) = cell(x[at], (h,)).state
                return h[0]

            jacobian = torch.autograd.functional.jacobian(later, states[t - gap])[:, 0]
            sizes.append(jacobian.norm(dim=-1))
        expected = torch.stack(sizes).mean(0).numpy()
        np.testing.assert_allclose(found.sel(gap=gap).values, expected, rtol=1e-8)


def test_what_cannot_be_held_apart_is_refused() -> None:
    with pytest.raises(ValueError, match=r"copy is 1\.5"):
        held_apart(gru(), copy=1.5)
    with pytest.raises(TypeError, match="lstm cell has no update gate"):
        held_apart(nn.LSTM(2, 3), copy=0.0)
    with pytest.raises(TypeError, match="Linear cannot be opened"):
        held_apart(nn.Linear(2, 3), copy=0.0)
