"""The normalised cell against torch's layer norm, written out."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.cells.layer_norm import LayerNormElmanCell


def test_it_is_its_equation() -> None:
    torch.manual_seed(0)
    cell = LayerNormElmanCell(3, 5).double()
    norm = nn.LayerNorm(5).double()
    with torch.no_grad():
        cell.gain.normal_()
        cell.bias.normal_()
        norm.weight.copy_(cell.gain)
        norm.bias.copy_(cell.bias)
    x, h = torch.randn(4, 3).double(), torch.randn(4, 5).double()
    found = cell(x, (h,))
    expected = torch.tanh(norm(x @ cell.weight_ih.T + h @ cell.weight_hh.T))
    torch.testing.assert_close(found.output, expected)
    assert found.state[0] is found.output


def test_the_size_of_the_weights_is_divided_out() -> None:
    torch.manual_seed(1)
    cell = LayerNormElmanCell(3, 16).double()
    x, h = torch.randn(4, 3).double(), torch.randn(4, 16).double()
    before = cell(x, (h,)).output
    with torch.no_grad():
        cell.weight_ih *= 7
        cell.weight_hh *= 7
    # but for epsilon, which is nothing beside a variance of this size
    torch.testing.assert_close(cell(x, (h,)).output, before, atol=1e-4, rtol=1e-3)


def test_gradients_are_right() -> None:
    torch.manual_seed(2)
    cell = LayerNormElmanCell(2, 4).double()
    x, h = torch.randn(3, 2).double(), torch.randn(3, 4).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda state: cell(x, (state,)).output, h)
    with pytest.raises(ValueError, match="needs at least 1"):
        LayerNormElmanCell(0, 4)
