"""What is counted is what torch has; what is measured is a time."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.race.competitors import VARIANTS
from core.race.cost import step_costs


def test_counts_are_those_of_torchs_cells() -> None:
    elman, lstm, gru = step_costs(("elman", "lstm", "gru"), 7, 5, rounds=1)
    for cost, cell, gates in (
        (elman, nn.RNNCell(7, 5), 1),
        (lstm, nn.LSTMCell(7, 5), 4),
        (gru, nn.GRUCell(7, 5), 3),
    ):
        assert cost.parameters == sum(p.numel() for p in cell.parameters())
        assert cost.multiply_adds == gates * 5 * (7 + 5)
        assert cost.fused_seconds > 0
    assert (elman.carried, lstm.carried, gru.carried) == (5, 10, 5)


def test_a_gru_saves_a_sixth_of_what_must_be_kept_not_a_third() -> None:
    """Four gates, c and h of an LSTM; r, z, n, h and U_n h + b_hn of torch's GRU."""
    lstm, gru, original = step_costs(("lstm", "gru", "gru-original"), 64, 128, rounds=1)
    assert (lstm.kept, gru.kept, original.kept) == (768, 640, 512)
    assert 1 - gru.kept / lstm.kept == pytest.approx(1 / 6)


def test_what_is_kept_is_enough_for_a_grus_backward_pass_and_all_of_it_is_needed() -> None:
    torch.manual_seed(0)
    cell = nn.GRUCell(3, 4).double()
    x, h = torch.randn(1, 3).double(), torch.randn(1, 4).double().requires_grad_()
    from_input = x @ cell.weight_ih.T + cell.bias_ih
    scaled = h @ cell.weight_hh[8:].T + cell.bias_hh[8:]
    r, z = torch.sigmoid(from_input[:, :8] + h @ cell.weight_hh[:8].T + cell.bias_hh[:8]).chunk(
        2, 1
    )
    n = torch.tanh(from_input[:, 8:] + r * scaled)
    out = (1 - z) * n + z * h
    torch.testing.assert_close(out, cell(x, h))
    upstream = torch.randn(1, 4).double()
    found = torch.autograd.grad(out, (h, cell.weight_hh), upstream)
    with torch.no_grad():  # from r, z, n, h and what the reset gate scales, elementwise
        d_n = upstream * (1 - z) * (1 - n**2)
        d_r, d_z = d_n * scaled * r * (1 - r), upstream * (h - n) * z * (1 - z)
        rows = torch.cat((d_r, d_z, d_n * r), dim=1)
        torch.testing.assert_close(found[0], upstream * z + rows @ cell.weight_hh)
        torch.testing.assert_close(found[1], rows.T @ h)


def test_peepholes_cost_three_multiply_adds_a_unit() -> None:
    plain, peeping = step_costs(("lstm", "lstm-peephole"), 7, 5, rounds=1)
    assert peeping.multiply_adds - plain.multiply_adds == 15
    assert peeping.parameters - plain.parameters == 15


def test_every_variant_is_measured() -> None:
    costs = step_costs(VARIANTS, 3, 4, rounds=1)
    assert [cost.kind for cost in costs] == list(VARIANTS)
    assert all(cost.open_seconds > 0 for cost in costs)
    assert {cost.kind for cost in costs if cost.fused_seconds is not None} == {"lstm", "gru"}


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="'bert'"):
        step_costs(("bert",), 3, 4)
