"""What the next token costs when n were read: a recurrent layer beside self-attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.race.cost import fastest

GATES = 3  # of a GRU: reset, update, candidate
PROJECTIONS = 4  # of attention: query, key, value, output


@dataclass(frozen=True)
class TokenCost:
    """The next token after ``tokens`` were read, batch 1.

    kept: numbers that must be kept from all that was read. multiply_adds: of the matrix products.
    seconds: the fastest of several measured steps on the calling thread.
    """

    tokens: int
    kept: int
    multiply_adds: int
    seconds: float


class CachedAttention(nn.Module):
    r"""One head of causal self-attention that reads one token at a time.

    .. math:: y_t = W_o \sum_{j \le t} \mathrm{softmax}_j(q_t^\top k_j / \sqrt{d})\, v_j

    The keys and values of all tokens before are kept.
    Source: A. Vaswani et al., arXiv:1706.03762.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (
            nn.Linear(width, width, bias=False) for _ in range(PROJECTIONS)
        )

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """The answer to ``x`` (width,) with the kept keys and values (n, width)."""
        keys = torch.cat([keys, self.key(x)[None]])
        values = torch.cat([values, self.value(x)[None]])
        weights = torch.softmax(keys @ self.query(x) * len(x) ** -0.5, dim=0)
        return self.output(weights @ values)


def recurrent_counts(width: int) -> tuple[int, int]:
    """Numbers kept and multiply-adds of one step of a GRU with as many inputs as units."""
    return width, GATES * 2 * width * width


def attention_counts(width: int, tokens: int) -> tuple[int, int]:
    """Numbers kept and multiply-adds of one step of attention after so many tokens."""
    return 2 * width * tokens, PROJECTIONS * width * width + 2 * width * (tokens + 1)


def token_costs(
    width: int, lengths: Sequence[int], *, rounds: int = 12
) -> tuple[list[TokenCost], list[TokenCost]]:
    """A GRU cell's step and an attention step after each of so many tokens, counted and measured.

    Raises ValueError for a width or length below 1.
    """
    if width < 1 or min(lengths, default=0) < 1:
        raise ValueError(f"width {width} and lengths {list(lengths)} came; all must be at least 1")
    cell, attention = nn.GRUCell(width, width), CachedAttention(width)
    x, state = torch.randn(1, width), torch.zeros(1, width)
    calls: dict[tuple[str, int], Callable[[], object]] = {}
    for tokens in lengths:
        keys, values = torch.randn(2, tokens, width).unbind()
        calls["recurrent", tokens] = lambda: cell(x, state)
        calls["attention", tokens] = lambda k=keys, v=values: attention(x[0], k, v)
    seconds = fastest(calls, rounds)
    return (
        [TokenCost(n, *recurrent_counts(width), seconds["recurrent", n]) for n in lengths],
        [TokenCost(n, *attention_counts(width, n), seconds["attention", n]) for n in lengths],
    )
