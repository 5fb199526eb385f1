"""Sentences of different lengths side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from core.networks.reader import PADDING
from core.tasks.task import IGNORED

POOL = 16  # batches among whose sentences those of similar lengths are put together


class TagBatch(NamedTuple):
    """inputs: ids (time, batch), ``PADDING`` after the end of a sentence. targets: the places of
    the tags (time, batch), ``IGNORED`` there. lengths: words of each sentence (batch,)."""

    inputs: Tensor
    targets: Tensor
    lengths: Tensor


class Encoded:
    """Sentences as numbers: ids and places of tags, one tensor a sentence."""

    def __init__(self, ids: Sequence[Tensor], targets: Sequence[Tensor]) -> None:
        self.ids, self.targets = list(ids), list(targets)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Words of each sentence."""
        return tuple(map(len, self.ids))

    def take(self, places: Sequence[int]) -> list[tuple[Tensor, Tensor]]:
        """The sentences at these places."""
        return [(self.ids[place], self.targets[place]) for place in places]


def padded(rows: Sequence[tuple[Tensor, Tensor]]) -> TagBatch:
    """Sentences side by side, each from the first step on."""
    ids, targets = zip(*rows)
    return TagBatch(
        pad_sequence(list(ids), padding_value=PADDING),
        pad_sequence(list(targets), padding_value=IGNORED),
        torch.tensor([len(one) for one in ids]),
    )


@lru_cache(maxsize=8)
def _pass(lengths: tuple[int, ...], turn: int, size: int, seed: int) -> list[list[int]]:
    generator = torch.Generator().manual_seed((seed * 1_000_003 + turn) % 2**63)
    order = torch.randperm(len(lengths), generator=generator).tolist()
    batches: list[list[int]] = []
    for start in range(0, len(order), POOL * size):
        pool = sorted(order[start : start + POOL * size], key=lengths.__getitem__)
        batches += [pool[k : k + size] for k in range(0, len(pool), size)]
    shuffled = torch.randperm(len(batches), generator=generator).tolist()
    return [batches[place] for place in shuffled]


def batches_of_pass(lengths: tuple[int, ...], step: int, size: int, seed: int) -> list[int]:
    """The numbers of the sentences in batch ``step``: in every pass each of them once.

    Sentences of similar lengths come together, in groups that are drawn anew for every pass,
    so little is padding. The same arguments always give the same answer.
    Raises ValueError without sentences.
    """
    if not lengths or size < 1:
        raise ValueError(f"There are {len(lengths)} sentences for batches of {size}; expected 1.")
    turn, place = divmod(step, -(-len(lengths) // size))
    return _pass(lengths, turn, size, seed)[place]
