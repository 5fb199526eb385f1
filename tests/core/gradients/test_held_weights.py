"""Gates held by weights say and do what gates held step by step do."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import Hold, intervened
from core.gradients.held_weights import held_throughout
from core.networks import ModelSettings, SequenceModel

SETTINGS = {"vocabulary_size": 5, "hidden_size": 6, "num_layers": 2, "bidirectional": True}


def model_of(cell: str) -> SequenceModel:
    torch.manual_seed(3)
    return SequenceModel(ModelSettings(cell, **SETTINGS)).double().eval()


@pytest.mark.parametrize(
    ("cell", "hold"),
    [
        ("lstm", Hold("forget_gate", 1.0)),
        ("lstm", Hold("input_gate", 0.0, layer=0, direction=1)),
        ("lstm", Hold("candidate", [-0.5, 0.25], units=[1, 4], layer=0)),
        ("gru", Hold("update_gate", 0.9, units=[2], direction=1)),
        ("gru", Hold("reset_gate", 0.0)),
        ("gru", Hold("candidate", 1.0, units=[0, 5], layer=-2)),
    ],
)
def test_the_same_numbers_as_step_by_step(cell: str, hold: Hold) -> None:
    model, ids = model_of(cell), torch.randint(0, 5, (9, 2))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    held = held_throughout(model, hold)

    def loss(output: tuple) -> torch.Tensor:
        return output[0][-1].square().sum()

    (mine,) = record(held, ids, loss=loss).values()
    with intervened(model, hold) as opened:
        (steps,) = record(opened, ids, loss=loss).values()
    for signal in ("hidden", "grad_hidden", hold.gate):
        np.testing.assert_allclose(mine[signal].values, steps[signal].values, atol=1e-12)
    plain = record(model, ids)["rnn"]
    assert np.abs(plain["hidden"].values - mine["hidden"].values).max() > 1e-3
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])


def test_several_holds_hold_together() -> None:
    model, ids = model_of("lstm"), torch.randint(0, 5, (7, 1))
    holds = (Hold("forget_gate", 1.0), Hold("input_gate", 0.25, units=[0]))
    (trace,) = record(held_throughout(model, *holds), ids).values()
    assert (trace["forget_gate"].values[1, 0] == 1).all()
    np.testing.assert_allclose(trace["input_gate"].values[1, 0, ..., 0], 0.25, atol=1e-12)
    assert not np.isclose(trace["input_gate"].values[1, 0, ..., 1:], 0.25).any()


def test_a_bare_module_can_be_held() -> None:
    torch.manual_seed(0)
    held = held_throughout(nn.GRU(3, 4), Hold("update_gate", 1.0))
    output, _ = held(torch.randn(5, 2, 3), torch.ones(1, 2, 4))
    torch.testing.assert_close(output, torch.ones(5, 2, 4), atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("model", "hold", "error", "message"),
    [
        (nn.RNN(2, 3), Hold("forget_gate", 1.0), TypeError, "RNN has no nn.LSTM or nn.GRU"),
        (nn.LSTM(2, 3, bias=False), Hold("forget_gate", 1.0), TypeError, "with biases"),
        (nn.LSTM(2, 3), Hold("forget_gate", 1.0, steps=[0]), ValueError, r"the steps \[0\]"),
        (nn.LSTM(2, 3), Hold("forget_gate", 1.0, layer=1), ValueError, "no layer 1"),
        (nn.LSTM(2, 3), Hold("forget_gate", 1.0, direction=1), ValueError, "direction 1"),
        (nn.LSTM(2, 3), Hold("forget_gate", 1.5), ValueError, "cannot be held at 1.5"),
        (nn.GRU(2, 3), Hold("forget_gate", 1.0), ValueError, "no gate 'forget_gate'"),
    ],
)
def test_what_cannot_be_held_is_refused(model, hold, error, message) -> None:
    with pytest.raises(error, match=message):
        held_throughout(model, hold)
