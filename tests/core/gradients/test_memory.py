"""The ledger adds up to the memory; half-lives follow from the gates."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import Trace, record
from core.gradients import half_life, memory_ledger
from core.networks import Recurrent
from tests.core.gradients.examples import GATED, example


@pytest.mark.parametrize("kind", GATED)
def test_the_ledger_adds_up_to_the_memory(kind):
    case = example(kind, num_layers=2, bidirectional=True)
    ledger = memory_ledger(case.trace)
    total = ledger["left"].sum("written_at") + ledger["initial"]
    memory = case.trace[ledger.attrs["state"]]
    assert ledger.attrs["state"] == ("cell" if "lstm" in kind else "hidden")
    np.testing.assert_allclose(total, memory, atol=1e-10)


def test_what_is_left_of_the_initial_state():
    torch.manual_seed(0)
    network = nn.LSTM(3, 4).double()
    h, c = torch.randn(2, 1, 2, 4, dtype=torch.float64)
    trace = record(network, (torch.randn(5, 2, 3, dtype=torch.float64), (h, c)))[""]
    ledger = memory_ledger(trace)
    forget = trace["forget_gate"].values[0, 0]
    expected = np.cumprod(forget, axis=0) * c[0].numpy()
    np.testing.assert_allclose(ledger["initial"].values[0, 0], expected, atol=1e-12)
    total = ledger["left"].sum("written_at") + ledger["initial"]
    np.testing.assert_allclose(total, trace["cell"], atol=1e-12)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_an_entry_is_what_was_written_times_all_gates_since(kind):
    case = example(kind, bidirectional=True)
    ledger = memory_ledger(case.trace, units=[2, 0])["left"]
    assert ledger["unit"].values.tolist() == [2, 0]
    signals = {name: case.trace[name].values[0] for name in case.trace.signals}
    if kind == "lstm":
        keep, written = signals["forget_gate"], signals["input_gate"] * signals["candidate"]
    else:
        keep = signals["update_gate"]
        written = (1 - keep) * signals["candidate"]
    forward = written[0, 1] * keep[0, 2:6].prod(axis=0)
    np.testing.assert_allclose(
        ledger.sel(direction="forward", time=5, written_at=1)[0], forward[:, [2, 0]], atol=1e-12
    )
    backward = written[1, 6] * keep[1, 3:6].prod(axis=0)
    np.testing.assert_allclose(
        ledger.sel(direction="backward", time=3, written_at=6)[0], backward[:, [2, 0]], atol=1e-12
    )
    assert not ledger.sel(direction="forward", time=2, written_at=3).any()
    assert not ledger.sel(direction="backward", time=3, written_at=2).any()


@pytest.mark.parametrize(("f", "expected"), [(0.5, 1.0), (0.9, 6.5788), (1.0, np.inf), (0.0, 0.0)])
def test_half_life_of_a_gate_held_still(f, expected):
    network = Recurrent("lstm", 3, 4).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter[4:8] = 0
        network.bias_ih_l0[4:8] = torch.logit(torch.tensor(f)).clamp(-1e3, 1e3)
    trace = record(network, torch.randn(6, 1, 3, dtype=torch.float64))[""]
    np.testing.assert_allclose(half_life(trace), np.full((1, 1, 4), expected), rtol=1e-4)


def test_half_life_is_that_of_the_geometric_mean_and_skips_padding():
    network = nn.GRU(3, 4).double()
    inputs = torch.randn(5, 2, 3, dtype=torch.float64)
    packed = nn.utils.rnn.pack_padded_sequence(inputs, torch.tensor([5, 3]))
    trace = record(network, packed)[""]
    z = trace["update_gate"].values[0, 0]
    steps = np.concatenate([z[:, 0], z[:3, 1]])
    expected = np.log(0.5) / np.log(steps).mean(axis=0)
    np.testing.assert_allclose(half_life(trace)[0, 0], expected, rtol=1e-10)


def test_the_lstm_of_1997_never_forgets_and_a_minimal_gated_unit_keeps_one_minus_f():
    assert np.isinf(half_life(example("lstm-1997").trace)).all()
    case = example("mgu")
    expected = np.log(0.5) / np.log(1 - case.trace["forget_gate"].values).mean(axis=(2, 3))
    np.testing.assert_allclose(half_life(case.trace), expected)


def test_cells_without_a_memory_and_padded_recordings_are_refused():
    with pytest.raises(ValueError, match="kind elman has no gated memory"):
        memory_ledger(example("elman").trace)
    with pytest.raises(ValueError, match="no gated memory"):
        half_life(example("jordan").trace)
    trace = example("gru").trace
    padded = Trace.of(trace.data.where(trace.data["time"] < 5))
    with pytest.raises(ValueError, match="padded sequence"):
        memory_ledger(padded)
