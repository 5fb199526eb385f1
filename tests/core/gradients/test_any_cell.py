"""Differentiating any cell at the states that were recorded."""

from __future__ import annotations

import pytest
import torch

from core.gradients import any_cell
from core.gradients.runs import network_runs
from tests.core.gradients.examples import ALL_KINDS, example


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_jacobians_of_every_step_against_autograd(kind):
    case = example(kind)
    run = network_runs(case.trace, case.network)[0][0]
    by_state, by_part = any_cell.step_jacobians(run)
    by_input = by_part @ run.weights["weight_ih"]
    for k, sequence in ((0, 0), (4, 1)):
        x = case.inputs[k, sequence]
        before = torch.cat([part[k, sequence] for part in run.before])

        def step(x: torch.Tensor, before: torch.Tensor, run=run) -> torch.Tensor:
            parts = tuple(part[None] for part in before.split(run.cell.state_sizes))
            return torch.cat(run.cell(x[None], parts).state, dim=-1)[0]

        expected = torch.autograd.functional.jacobian(step, (x, before))
        for found, value in zip((by_input, by_state), expected):
            torch.testing.assert_close(found[k, sequence], value, atol=1e-12, rtol=0)


def test_chunks_do_not_change_the_result(monkeypatch):
    case = example("mgu")
    run = network_runs(case.trace, case.network)[0][0]
    whole = any_cell.step_jacobians(run)
    monkeypatch.setattr(any_cell, "CHUNK", 3)
    for found, expected in zip(any_cell.step_jacobians(run), whole):
        torch.testing.assert_close(found, expected, atol=1e-14, rtol=0)


def test_the_inputs_part_is_w_times_x():
    case = example("lstm-cifg", bidirectional=True)
    for run in network_runs(case.trace, case.network)[0]:
        expected = run.in_reading_order(case.inputs) @ run.weights["weight_ih"].T
        torch.testing.assert_close(any_cell.input_parts(run), expected, atol=1e-12, rtol=0)
