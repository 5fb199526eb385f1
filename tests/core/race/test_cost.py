"""What is counted is what torch has; what is measured is a time."""

from __future__ import annotations

import pytest
from torch import nn

from core.race.competitors import DEFAULT_START, VARIANTS
from core.race.cost import step_costs

KINDS = tuple(kind for kind in VARIANTS if kind != DEFAULT_START)


def test_counts_are_those_of_torchs_cells() -> None:
    elman, lstm, gru = step_costs(("elman", "lstm", "gru"), 7, 5, rounds=1)
    for cost, cell, gates in (
        (elman, nn.RNNCell(7, 5), 1),
        (lstm, nn.LSTMCell(7, 5), 4),
        (gru, nn.GRUCell(7, 5), 3),
    ):
        assert cost.parameters == sum(p.numel() for p in cell.parameters())
        assert cost.multiply_adds == gates * 5 * (7 + 5)
        assert cost.kept == gates * 5 + cost.carried
        assert cost.fused_seconds > 0
    assert (elman.carried, lstm.carried, gru.carried) == (5, 10, 5)


def test_peepholes_cost_three_multiply_adds_a_unit() -> None:
    plain, peeping = step_costs(("lstm", "lstm-peephole"), 7, 5, rounds=1)
    assert peeping.multiply_adds - plain.multiply_adds == 15
    assert peeping.parameters - plain.parameters == 15


def test_every_variant_is_measured() -> None:
    costs = step_costs(KINDS, 3, 4, rounds=1)
    assert [cost.kind for cost in costs] == list(KINDS)
    assert all(cost.open_seconds > 0 for cost in costs)
    assert {cost.kind for cost in costs if cost.fused_seconds is not None} == {"lstm", "gru"}


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="'bert'"):
        step_costs(("bert",), 3, 4)
