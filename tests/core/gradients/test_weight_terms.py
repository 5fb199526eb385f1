"""The itemised gradient of the recurrent weights against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.cells import Cell
from core.gradients import truncate, weight_gradient_terms
from core.networks import unroll
from tests.core.gradients.examples import ALL_KINDS, Example, example


def full_gradient(case: Example, at: int, sequence: int, name: str) -> np.ndarray:
    loss = (case.network(case.inputs)[0] * case.loss_weights)[at, sequence].sum()
    return torch.autograd.grad(loss, getattr(case.network, name))[0].numpy()


def with_copies(cell: Cell, inputs: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The outputs of a network whose every step has weights of its own, and those weights."""
    tied, copies, state, outputs = cell.weight_hh, [], cell.initial_state(inputs.shape[1]), []
    for x in inputs:
        copies.append(torch.nn.Parameter(tied.detach().clone()))
        cell.weight_hh = copies[-1]
        step = cell(x, state)
        state = step.state
        outputs.append(step.output)
    cell.weight_hh = tied
    return torch.stack(outputs), copies


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (2, True)])
def test_the_sum_is_the_full_gradient(kind, layers, bidirectional):
    case = example(kind, num_layers=layers, bidirectional=bidirectional)
    for direction in range(1 + bidirectional):
        terms = weight_gradient_terms(
            case.trace, case.network, case.direct, at=4, direction=direction, sequence=1
        )
        name = f"weight_hh_l{layers - 1}" + "_reverse" * direction
        expected = full_gradient(case, 4, 1, name)
        assert abs(expected).max() > 1e-3
        np.testing.assert_allclose(terms.gradient, expected, atol=1e-10)
        np.testing.assert_allclose(terms.mean * len(terms.terms), expected, atol=1e-10)


@pytest.mark.parametrize("kind", ["elman", "jordan", "lstm", "gru", "gru-original", "mgu"])
def test_each_term_is_the_gradient_of_that_steps_own_copy(kind):
    case = example(kind, batch=1)
    outputs, copies = with_copies(case.network.cells[0][0], case.inputs)
    loss = (outputs * case.loss_weights)[5].sum()
    expected = torch.autograd.grad(loss, copies[:6])
    found = weight_gradient_terms(case.trace, case.network, case.direct, at=5)
    np.testing.assert_allclose(found.terms, torch.stack(expected), atol=1e-10)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_term_is_the_product_of_its_chain(kind):
    case = example(kind)
    found = weight_gradient_terms(case.trace, case.network, case.direct, at=3)
    for time in (0, 2, 3):
        chain = found.chain(time)
        product = np.einsum("s,src->rc", chain.output_part @ chain.path, chain.local)
        np.testing.assert_allclose(product, found.terms.sel(time=time), atol=1e-10)
        assert found.norms["local"].sel(time=time) == pytest.approx(np.linalg.norm(chain.local))
        longest = np.linalg.svd(chain.path, compute_uv=False)[0]
        assert found.norms["path"].sel(time=time) == pytest.approx(longest)
    np.testing.assert_array_equal(found.chain(3).path, np.eye(len(found.chain(3).path)))
    bound = found.norms["path"] * found.norms["local"] * found.norms["output_part"]
    assert bool((found.norms["term"] <= bound + 1e-12).all())


def test_steps_are_those_of_the_inputs_in_both_directions():
    case = example("elman", bidirectional=True)
    forward, backward = (
        weight_gradient_terms(case.trace, case.network, case.direct, at=2, direction=direction)
        for direction in (0, 1)
    )
    assert forward.terms["time"].values.tolist() == [0, 1, 2]
    assert forward.terms["lag"].values.tolist() == [2, 1, 0]
    assert backward.terms["time"].values.tolist() == [2, 3, 4, 5, 6]
    assert backward.terms["lag"].values.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="does not look back to step 3"):
        forward.chain(3)


@pytest.mark.parametrize("kind", ["elman", "lstm", "mgu"])
@pytest.mark.parametrize("window", [1, 3, 5])
def test_truncation_is_what_autograd_finds_behind_a_cut(kind, window):
    case = example(kind, batch=1)
    cell = case.network.cells[0][0]
    at = 6
    before = unroll(cell, case.inputs[: at + 1 - window]).state
    cut = tuple(part.detach() for part in before)
    outputs = unroll(cell, case.inputs[at + 1 - window : at + 1], cut).outputs
    loss = (outputs[-1] * case.loss_weights[at]).sum()
    expected = torch.autograd.grad(loss, cell.weight_hh)[0].numpy()
    terms = weight_gradient_terms(case.trace, case.network, case.direct, at=at)
    found = truncate(terms, window)
    np.testing.assert_allclose(found.gradient, expected, atol=1e-10)
    full = full_gradient(case, at, 0, "weight_hh_l0")
    assert found.error == pytest.approx(np.linalg.norm(full - expected))
    assert found.relative_error == pytest.approx(found.error / np.linalg.norm(full))
    cosine = (full * expected).sum() / np.linalg.norm(full) / np.linalg.norm(expected)
    assert found.cosine == pytest.approx(cosine)


def test_a_window_as_long_as_the_text_cuts_nothing_and_none_is_refused():
    case = example("gru")
    terms = weight_gradient_terms(case.trace, case.network, case.direct)
    assert truncate(terms, 7).error == 0
    assert truncate(terms, 6).error == 0  # the first copy reads the initial state, which is 0
    assert truncate(terms, 5).error > 0
    with pytest.raises(ValueError, match="window is 0"):
        truncate(terms, 0)


def test_places_outside_the_recording_are_refused():
    case = example("gru")
    with pytest.raises(ValueError, match="at is 7; the recording has steps 0 to 6"):
        weight_gradient_terms(case.trace, case.network, case.direct, at=7)
    with pytest.raises(ValueError, match="direction is 1; the recording has 1"):
        weight_gradient_terms(case.trace, case.network, case.direct, direction=1)
