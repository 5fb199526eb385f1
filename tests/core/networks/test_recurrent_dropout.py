"""Dropout in its places, against closed forms of a unit that only keeps."""

from __future__ import annotations

import pytest
import torch

from core.cells import GRUCell
from core.networks.recurrent_dropout import PLACES, states_under_dropout
from core.networks.unroll import unroll

STEPS, BATCH, UNITS = 9, 4000, 5


def keeper() -> GRUCell:
    """z = 1: whatever is in the state stays there."""
    cell = GRUCell(3, UNITS).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.zero_()
        cell.bias_ih[UNITS : 2 * UNITS] = 60.0
    return cell


def run(place: str, rate: float, cell: GRUCell | None = None, **options) -> torch.Tensor:
    inputs = torch.randn(STEPS, BATCH, 3, generator=torch.Generator().manual_seed(1)).double()
    start = torch.ones(UNITS, dtype=torch.float64)
    return states_under_dropout(cell or keeper(), inputs, start, rate, place, **options)


@pytest.mark.parametrize("place", PLACES)
def test_without_dropout_it_is_the_cell(place: str) -> None:
    torch.manual_seed(0)
    cell = GRUCell(3, UNITS).double()
    inputs = torch.randn(STEPS, BATCH, 3, generator=torch.Generator().manual_seed(1)).double()
    with torch.no_grad():
        expected = unroll(cell, inputs, (torch.ones(BATCH, UNITS, dtype=torch.float64),)).outputs
    torch.testing.assert_close(run(place, 0.0, cell), expected)


def test_a_new_mask_each_step_leaves_a_share_that_falls_with_every_step() -> None:
    states, rate = run("every-step", 0.3), 0.3
    for k in range(STEPS):
        alive = float((states[k] != 0).double().mean())
        assert alive == pytest.approx((1 - rate) ** k, abs=0.012)
        # inverted dropout: the mean stays, the second moment grows as 1/(1 - rate)^k
        assert float(states[k].mean()) == pytest.approx(1, abs=0.25)
        survivors = states[k][states[k] != 0]
        torch.testing.assert_close(survivors, torch.full_like(survivors, (1 - rate) ** -k))


def test_one_mask_is_paid_for_once() -> None:
    states = run("one-mask", 0.3)
    assert (states[0] == 1).all()
    alive = states[1] != 0
    assert float(alive.double().mean()) == pytest.approx(0.7, abs=0.012)
    for k in range(2, STEPS):
        assert torch.equal(states[k] != 0, alive)
    torch.testing.assert_close(states[-1][alive], torch.full_like(states[-1][alive], 1 / 0.7))


def test_what_is_kept_is_never_touched_by_dropout_on_inputs_or_on_what_is_written() -> None:
    for place in ("inputs", "written"):
        torch.testing.assert_close(run(place, 0.5), torch.ones(STEPS, BATCH, UNITS).double())


def test_spared_inputs_are_never_dropped() -> None:
    torch.manual_seed(0)
    cell = GRUCell(3, UNITS).double()
    assert torch.equal(run("inputs", 0.9, cell, spared=3), run("inputs", 0.0, cell))
    assert not torch.equal(run("inputs", 0.9, cell, spared=2), run("inputs", 0.0, cell))


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rate is 1\.0 and place 'inputs'"):
        run("inputs", 1.0)
    with pytest.raises(ValueError, match="place 'gates'; expected"):
        run("gates", 0.1)
