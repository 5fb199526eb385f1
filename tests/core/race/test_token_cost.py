"""What the next token costs: the counts against modules, the attention against torch's."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.race.token_cost import CachedAttention, attention_counts, recurrent_counts, token_costs


def test_token_by_token_is_causal_attention() -> None:
    torch.manual_seed(0)
    attention = CachedAttention(6).double()
    x = torch.randn(9, 6, dtype=torch.float64)
    query, key, value = attention.query(x), attention.key(x), attention.value(x)
    expected = attention.output(
        nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
    )
    found = torch.stack([attention(x[t], key[:t], value[:t]) for t in range(len(x))])
    torch.testing.assert_close(found, expected)


def test_the_counts_are_those_of_the_matrices() -> None:
    cell, attention = nn.GRUCell(8, 8, bias=False), CachedAttention(8)
    assert recurrent_counts(8) == (8, sum(p.numel() for p in cell.parameters()))
    weights = sum(p.numel() for p in attention.parameters())
    assert attention_counts(8, 5) == (2 * 5 * 8, weights + 6 * 8 + 6 * 8)


def test_every_length_is_measured() -> None:
    recurrent, attention = token_costs(8, (1, 50), rounds=1)
    assert [cost.tokens for cost in recurrent] == [cost.tokens for cost in attention] == [1, 50]
    assert recurrent[0].kept == recurrent[1].kept == 8
    assert attention[1].kept == 50 * attention[0].kept
    assert all(cost.seconds > 0 for cost in (*recurrent, *attention))


@pytest.mark.parametrize(("width", "lengths"), [(0, (1,)), (4, (0,)), (4, ())])
def test_sizes_below_one_are_explained(width: int, lengths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        token_costs(width, lengths)
