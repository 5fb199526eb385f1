"""One step with other weights, and no hook hears of it."""

from __future__ import annotations

import pytest
import torch

from core.cells import make_cell
from core.gradients.bare_step import bare_step, step_from_parts
from tests.core.gradients.examples import ALL_KINDS


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_from_w_x_instead_of_x(kind):
    torch.manual_seed(0)
    cell = make_cell(kind, 3, 4)
    x, state = torch.randn(2, 3), tuple(torch.randn(2, size) for size in cell.state_sizes)
    expected = cell(x, state).state
    for found, value in zip(step_from_parts(cell, {}, x @ cell.weight_ih.T, state).state, expected):
        torch.testing.assert_close(found, value)


def test_other_weights_unseen_by_hooks():
    torch.manual_seed(0)
    cell, other = make_cell("gru", 3, 4), make_cell("gru", 3, 4)
    calls = []
    cell.register_forward_hook(lambda *seen: calls.append(seen))
    x, state = torch.randn(2, 3), (torch.randn(2, 4),)
    kept = cell.weight_hh.clone()
    found = bare_step(cell, dict(other.named_parameters()), x, state).output
    torch.testing.assert_close(found, other(x, state).output)
    torch.testing.assert_close(cell.weight_hh, kept)
    assert not calls
