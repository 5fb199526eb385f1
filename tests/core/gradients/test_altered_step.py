"""A single step under changes, without a network around it."""

from __future__ import annotations

import pytest
import torch

from core.cells import make_cell
from core.gradients import Hold, Patch, Silence
from core.gradients.altered_step import alter, check


def lstm_step():
    torch.manual_seed(0)
    cell = make_cell("lstm", 3, 4).double()
    x = torch.randn(2, 3, dtype=torch.float64)
    h, c = torch.randn(2, 2, 4, dtype=torch.float64)
    return cell, x, (h, c), cell(x, (h, c))


def test_without_changes_the_step_is_the_step():
    cell, x, state, step = lstm_step()
    assert alter(cell, x, state, step, []) is step


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_gate_at_its_end_is_exactly_there_and_passes_no_gradient(value):
    cell, x, state, step = lstm_step()
    held = alter(cell, x, state, step, [Hold("forget_gate", value)])
    assert (held.signals["forget_gate"] == value).all()
    gradient = torch.autograd.grad(held.state[1].sum(), cell.weight_hh)[0]
    assert not gradient[4:8].any()
    assert gradient[:4].any()


def test_holds_are_made_before_states_are_patched():
    cell, x, state, step = lstm_step()
    changes = [Patch("cell", 3.0, units=[1]), Hold("input_gate", 0.0), Silence(units=[0])]
    found = alter(cell, x, state, step, changes)
    forgotten = step.signals["forget_gate"] * state[1]
    expected = forgotten.clone()
    expected[:, 1] = 3
    torch.testing.assert_close(found.state[1], expected)
    torch.testing.assert_close(found.signals["cell"], expected)
    assert not found.output[:, 0].any()
    assert found.output is found.state[0] is found.signals["hidden"] is found.signals["output"]
    assert step.signals["cell"] is step.state[1]


def test_a_jordan_networks_only_state_is_its_output():
    cell = make_cell("jordan", 3, 4, output_size=2)
    check(cell, Silence(units=[1]))
    with pytest.raises(ValueError, match="no state 'hidden' to patch; it hands on: output"):
        check(cell, Patch("hidden", 0.0))
    with pytest.raises(ValueError, match="there are units 0 to 1"):
        check(cell, Silence(units=[2]))
