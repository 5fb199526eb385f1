"""Which examples of a finite set make up a batch."""

from __future__ import annotations

from functools import lru_cache

import torch


def examples_of_batch(count: int, step: int, size: int, seed: int) -> list[int]:
    """The numbers of the examples in batch ``step``: every pass in a new order, none twice.

    ``count`` examples give ceil(count / size) batches a pass, the last one smaller. The same
    arguments always give the same answer, whatever was asked before.
    Raises ValueError without examples.
    """
    if count < 1 or size < 1:
        raise ValueError(f"There are {count} examples for batches of {size}; expected at least 1.")
    batches = -(-count // size)
    turn, place = divmod(step, batches)
    return _order(count, seed, turn)[place * size : (place + 1) * size]


@lru_cache(maxsize=32)
def _order(count: int, seed: int, turn: int) -> list[int]:
    generator = torch.Generator().manual_seed((seed * 1_000_003 + turn) % 2**63)
    return torch.randperm(count, generator=generator).tolist()
