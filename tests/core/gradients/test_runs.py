"""A recording and its network, laid out in reading order."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients.runs import as_recurrent, gate_rows, network_runs, one_run
from core.networks import ModelSettings, Recurrent, SequenceModel, unroll
from tests.core.gradients.examples import ALL_KINDS, example


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_states_before_each_step_are_those_that_the_cell_was_given(kind):
    case = example(kind, bidirectional=True)
    for direction, run in enumerate(network_runs(case.trace, case.network)[0]):
        reading = case.inputs.flip(0) if direction else case.inputs
        steps = unroll(run.cell, reading).steps
        start = run.cell.initial_state(2)
        for place, found in enumerate(run.before):
            given = torch.stack([start[place], *(step.state[place] for step in steps[:-1])])
            torch.testing.assert_close(found, given.detach(), atol=1e-12, rtol=0)


def test_initial_states_are_kept():
    network = nn.LSTM(3, 4).double()
    h, c = torch.randn(2, 1, 2, 4, dtype=torch.float64)
    trace = record(network, (torch.randn(5, 2, 3, dtype=torch.float64), (h, c)))[""]
    run = network_runs(trace, network)[0][0]
    for part, start in zip(run.before, (h, c)):
        torch.testing.assert_close(part[0], start[0])


def test_gate_rows_are_in_the_order_of_the_weights():
    for kind in ALL_KINDS:
        case = example(kind)
        run = network_runs(case.trace, case.network)[0][0]
        rows = run.weights["weight_ih"].chunk(len(gate_rows(run.cell)))
        for gate, W in zip(gate_rows(run.cell), rows):
            torch.testing.assert_close(run[f"{gate}_from_input"], case.inputs @ W.T)


def test_networks_are_opened_wherever_they_are():
    model = SequenceModel(ModelSettings("gru", 5, 6))
    assert as_recurrent(model).kind == "gru"
    own = Recurrent("mgu", 2, 3)
    assert as_recurrent(own) is own
    with pytest.raises(TypeError, match="expected a Recurrent"):
        as_recurrent(nn.Linear(2, 2))


def test_precision_is_float64_unless_that_of_the_recording_is_asked_for():
    network = nn.GRU(3, 4)
    trace = record(network, torch.randn(5, 1, 3))[""]
    run = network_runs(trace, network)[0][0]
    assert run.dtype == run["hidden"].dtype == torch.float64
    assert network_runs(trace, network, None)[0][0]["hidden"].dtype == torch.float32


def test_one_run_chooses_a_sequence_and_counts_steps_as_it_reads():
    case = example("gru", bidirectional=True)
    run = one_run(case.trace, case.network, direction=1, sequence=1)
    expected = case.trace["hidden"].values[0, 1, ::-1, [1]].swapaxes(0, 1)
    np.testing.assert_array_equal(run["hidden"], expected)
    assert (run.reading_step(0), run.reading_step(-1), run.reading_step(2)) == (6, 0, 4)
    with pytest.raises(ValueError, match="batch is 2; the recording has 2"):
        one_run(case.trace, case.network, sequence=2)
