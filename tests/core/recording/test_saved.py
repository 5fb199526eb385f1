"""Gates read from what autograd kept are those that the weights give, or they are not read."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from core.recording import Recorder, record, saved
from core.recording.layer_run import with_start
from core.recording.recordable import keeps_gates
from core.recording.recover import recover_gates, scan_cell_state
from core.recording.saved import saved_gates
from core.recording.weights import layer_weights
from tests.core.recording.explicit import run
from tests.core.recording.models import assert_same, draw

LSTM_SIZES = [
    # steps, batch, features, units: rows on and off cache lines, lone units, long and wide
    (2, 1, 1, 1),
    (3, 1, 5, 3),
    (5, 2, 3, 4),
    (7, 3, 10, 20),
    (4, 1, 2, 16),
    (9, 2, 64, 48),
    (6, 5, 3, 64),
    (3, 1, 100, 100),
    (30, 4, 7, 128),
    (12, 1, 32, 192),
    (3, 2, 8, 257),
    (2, 1, 8, 512),
]
GRU_SIZES = [(2, 8, 1, 1), (5, 9, 3, 4), (7, 16, 10, 33), (3, 8, 64, 64)]


def captured(module: nn.RNNBase, x: Tensor) -> tuple:
    """What ``saved_gates`` is given for the only layer of ``module``."""
    output, _ = module(x)
    values = output.transpose(0, 1) if module.batch_first else output
    inputs = (x.transpose(0, 1) if module.batch_first else x).detach()
    zeros = values.new_zeros(values.shape[1:])
    h_previous = with_start(zeros, values.detach())[:-1]
    return layer_weights(module, 0, 0), values, inputs, h_previous


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("size", LSTM_SIZES)
def test_the_workspace_of_an_lstm(size, bias: bool, batch_first: bool) -> None:
    steps, batch, features, units = size
    torch.manual_seed(sum(size))
    module = nn.LSTM(features, units, bias=bias, batch_first=batch_first)
    x = draw(*((batch, steps) if batch_first else (steps, batch)), features, dtype=torch.float32)
    with torch.enable_grad():
        given = captured(module, x)
    with torch.no_grad():
        found = saved_gates(*given)
        wanted = recover_gates(given[0], *given[2:])
    assert found is not None
    for name, value in wanted.items():
        torch.testing.assert_close(found[name], value, rtol=0, atol=2e-6)


@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("size", LSTM_SIZES)
def test_the_cell_states_of_the_workspace(size, start: bool) -> None:
    """They are found for every size, and they are those that the gates lead to."""
    steps, batch, features, units = size
    torch.manual_seed(sum(size))
    module = nn.LSTM(features, units)
    x = draw(steps, batch, features, dtype=torch.float32)
    h_start, c_start = draw(2, 1, batch, units, dtype=torch.float32) * float(start)
    with torch.enable_grad():
        values, (_, c_n) = module(x, (h_start, c_start))
    with torch.no_grad():
        h_previous = with_start(h_start[0], values.detach())[:-1]
        found = saved_gates(layer_weights(module, 0, 0), values, x, h_previous, c_start[0])
        cells = torch.cat((c_start, torch.empty(steps, batch, units)))
        scan_cell_state(found, cells)
    torch.testing.assert_close(found["_cell"], cells[1:-1], rtol=0, atol=1e-6)
    torch.testing.assert_close(c_n[0].detach(), cells[-1], rtol=0, atol=1e-6)


def test_cell_states_found_in_the_wrong_place_are_not_believed(monkeypatch) -> None:
    torch.manual_seed(0)
    module, x = nn.LSTM(5, 8), draw(20, 2, 5, dtype=torch.float32)
    right = record(module, x)[""]
    monkeypatch.setattr(saved, "_place_of_cells", lambda *given: 0)
    misled = record(module, x)[""]
    assert_same(misled, {name: right[name].values for name in right.signals}, 1e-6)


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("size", GRU_SIZES)
def test_the_graph_of_a_gru(size, bias: bool, batch_first: bool) -> None:
    steps, batch, features, units = size
    torch.manual_seed(sum(size))
    module = nn.GRU(features, units, bias=bias, batch_first=batch_first)
    x = draw(*((batch, steps) if batch_first else (steps, batch)), features, dtype=torch.float32)
    given = captured(module, x)
    with torch.no_grad():
        found = saved_gates(*given)
        wanted = recover_gates(given[0], *given[2:])
    assert found is not None
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        torch.testing.assert_close(found[name], value, rtol=0, atol=2e-6)


@pytest.mark.parametrize(("cls", "size"), [(nn.LSTM, (200, 4, 40, 64)), (nn.GRU, (40, 9, 30, 33))])
def test_record_reads_them_where_it_may(cls, size, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording is the same with and without; and they really are read."""
    steps, batch, features, units = size
    torch.manual_seed(0)
    module, x = cls(features, units), draw(steps, batch, features, dtype=torch.float32)
    read = []

    def spy(*given):
        read.append(saved_gates(*given))
        return read[-1]

    monkeypatch.setattr("core.recording.layer_run.saved_gates", spy)
    with torch.no_grad():
        assert keeps_gates(module, x)
        with_them = record(module, x)[""]
        assert read[-1] is not None
        monkeypatch.setattr("core.recording.layer_run.saved_gates", lambda *given: None)
        without = record(module, x)[""]
    wanted = {name: without[name].values for name in without.signals}
    assert_same(with_them, wanted, 3e-6)


def shifted(node, *size):
    gates = ORIGINAL["lstm"](node, *size)
    return {name: value.roll(1, dims=-1) for name, value in gates.items()}


def exchanged(node, *size):
    gates = ORIGINAL["lstm"](node, *size)
    return gates | {"forget_gate": gates["input_gate"], "input_gate": gates["forget_gate"]}


def garbage(node, *size):
    return {name: value * torch.nan for name, value in ORIGINAL["lstm"](node, *size).items()}


def reset_for_update(node):
    gates = ORIGINAL["gru"](node)
    return gates | {"reset_gate": gates["update_gate"], "update_gate": gates["reset_gate"]}


def other_reset(node):
    gates = ORIGINAL["gru"](node)
    return gates | {"reset_gate": gates["reset_gate"] + 1e-3}


ORIGINAL = {"lstm": saved._lstm_workspace, "gru": saved._gru_graph}


@pytest.mark.parametrize(
    ("cls", "name", "other"),
    [
        (nn.LSTM, "_lstm_workspace", shifted),
        (nn.LSTM, "_lstm_workspace", exchanged),
        (nn.LSTM, "_lstm_workspace", garbage),
        (nn.LSTM, "_lstm_workspace", lambda node, *size: None),
        (nn.GRU, "_gru_graph", reset_for_update),
        (nn.GRU, "_gru_graph", other_reset),
        (nn.GRU, "_gru_graph", lambda node: None),
    ],
)
def test_another_layout_is_noticed_and_the_gates_are_computed(
    cls, name: str, other, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    module, x = cls(20, 32), draw(60, 9, 20, dtype=torch.float32)
    monkeypatch.setattr(saved, name, other)
    with torch.no_grad():
        assert keeps_gates(module, x)
        trace = record(module, x)[""]
    assert_same(trace, run(module.double(), x.double()).signals, 1e-5)


@pytest.mark.parametrize("cls", [nn.LSTM, nn.GRU])
def test_a_graph_of_another_kind_is_left_alone(cls) -> None:
    """Another node, no node, a graph with other parents: nothing is read and nothing breaks."""
    module, x = cls(4, 8), draw(5, 9, 4, dtype=torch.float32)
    weights, values, inputs, h_previous = captured(module, x)
    for output in (values.detach(), values * 1, torch.stack([v * 2 for v in values.unbind()])):
        assert saved_gates(weights, output, inputs, h_previous) is None


@pytest.mark.parametrize("cls", [nn.LSTM, nn.GRU])
def test_a_backward_pass_does_not_change_what_was_read(cls) -> None:
    """The gates live in memory that belongs to autograd."""
    torch.manual_seed(0)
    module, x = cls(40, 64), draw(100, 9, 40, dtype=torch.float32)
    with torch.no_grad():
        plain = record(module, x)[""]
        wanted = {name: plain[name].values.copy() for name in plain.signals}
    with Recorder(module, gradients=True) as recorder:
        output, _ = module(x)
        output.pow(2).sum().backward()
        module(torch.zeros_like(x))[0].sum().backward()
    again = recorder.traces[""].data.isel(time=slice(0, 100))
    for name in ("hidden", "candidate"):
        np.testing.assert_allclose(again[name].values, wanted[name], atol=3e-6)
    gates = [name for name in wanted if name.endswith("_gate")]
    for name in gates:
        np.testing.assert_allclose(again[name].values, wanted[name], atol=3e-6)
