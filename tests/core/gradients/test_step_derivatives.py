"""Closed forms and torch.func must agree, step by step, with autograd through the cell."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.gradients import any_cell
from core.gradients.runs import Run, network_runs
from core.gradients.step_derivatives import (
    MatrixDerivatives,
    closed_factors,
    differentiate,
    has_closed_form,
    hidden_by_cell,
    recurrent_rows,
)
from tests.core.gradients.examples import ALL_KINDS, TORCH_KINDS, Example, example


def one_run(kind: str) -> tuple[Example, Run]:
    case = example(kind)
    return case, network_runs(case.trace, case.network)[0][0]


def random_flow(run: Run, rows: int = 3) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    return tuple(
        torch.randn(run.batch, rows, size, generator=generator, dtype=run.dtype)
        for size in run.cell.state_sizes
    )


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_pull_and_to_input_are_the_vector_jacobian_products_of_the_step(kind):
    case, run = one_run(kind)
    steps, k = differentiate(run), 3
    x = case.inputs[k].clone().requires_grad_()
    before = tuple(part[k].clone().requires_grad_() for part in run.before)
    after = run.cell(x, before).state
    flow = random_flow(run)
    total = steps.total(k, flow)
    pulled, to_input = steps.pull(k, flow, total), steps.to_input(k, flow, total)
    for row in range(3):
        seeds = [part[:, row] for part in flow]
        expected = torch.autograd.grad(after, (x, *before), seeds, retain_graph=True)
        for found, value in zip((to_input, *pulled), expected):
            torch.testing.assert_close(found[:, row], value, atol=1e-12, rtol=0)


@pytest.mark.parametrize("kind", TORCH_KINDS)
def test_closed_forms_equal_differentiation_of_the_open_cell(kind):
    _, run = one_run(kind)
    assert has_closed_form(run)
    by_state, by_part = any_cell.step_jacobians(run)
    general = MatrixDerivatives(
        run.cell.state_sizes, by_state, lambda: by_part @ run.weights["weight_ih"]
    )
    closed, flow = differentiate(run), random_flow(run)
    for k in (0, 4):
        total = closed.total(k, flow)
        pairs = [*zip(closed.pull(k, flow, total), general.pull(k, flow, flow))]
        pairs.append((closed.to_input(k, flow, total), general.to_input(k, flow, flow)))
        for found, expected in pairs:
            torch.testing.assert_close(found, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("kind", ["elman", "lstm"])
def test_rows_of_all_steps_and_of_one_are_those_of_the_open_cell(kind):
    _, run = one_run(kind)
    steps, factors = differentiate(run), closed_factors(run)
    flow = random_flow(run, rows=run.steps)
    totals = tuple(part.transpose(0, 1) for part in _totals(steps, flow, run))
    rows = recurrent_rows(factors, totals)
    expected = any_cell.row_gradients(run, torch.cat(flow, dim=-1).transpose(0, 1))
    torch.testing.assert_close(rows, expected, atol=1e-12, rtol=0)
    one = recurrent_rows(factors, tuple(part[2][:, None] for part in totals), 2)
    torch.testing.assert_close(one[:, 0], rows[2], atol=1e-12, rtol=0)


def _totals(steps, flow, run) -> tuple[Tensor, ...]:
    """Row k of ``flow`` taken as the gradient of step k."""
    by_step = [steps.total(k, tuple(part[:, [k]] for part in flow)) for k in range(run.steps)]
    return tuple(torch.cat(parts, dim=1) for parts in zip(*by_step))


@pytest.mark.parametrize("kind", ["lstm", "lstm-peephole", "lstm-no-output-activation"])
def test_hidden_by_cell_agrees_with_the_cell(kind):
    _, run = one_run(kind)
    h, c = run["hidden"], run["cell"]
    nudged = 1e-6
    o = run["output_gate"]
    if kind == "lstm-peephole":
        logits = torch.logit(o) + run.weights["weight_co"] * nudged
        o = torch.sigmoid(logits)
    read = (lambda c: c) if kind == "lstm-no-output-activation" else torch.tanh
    found = hidden_by_cell(run)
    torch.testing.assert_close((o * read(c + nudged) - h) / nudged, found, atol=1e-5, rtol=0)
