"""The letter that follows, from the last few letters only: windows, and what they can reach."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional


def causal_windows(ids: Tensor, size: int, classes: int) -> Tensor:
    r"""One-hot letters t - size + 1 .. t side by side: (time, batch, size * classes).

    ids: (time, batch), an unknown letter as any id outside 0 .. classes - 1. Unknown letters
    and those before the beginning are zeros. The newest letter comes first.
    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError(f"A window of {size} letters sees nothing; expected at least 1.")
    known = ids.masked_fill((ids < 0) | (ids > classes), classes)
    ones = functional.one_hot(known, classes + 1)[..., :classes].float()
    shifted = [functional.pad(ones, (0, 0, 0, 0, back, 0))[: len(ids)] for back in range(size)]
    return torch.cat(shifted, dim=-1)


def least_loss(text: Sequence[str], size: int) -> float:
    """The smallest mean cross-entropy, in nats a letter, of whoever sees ``size`` letters: that
    of answering with the shares with which each window is followed by each letter."""
    total, asked = 0.0, max(1, len(text) - 1)
    for counts in _followers(text, size).values():
        whole = sum(counts.values())
        total -= sum(count * math.log(count / whole) for count in counts.values())
    return total / asked


def told_apart(text: Sequence[str], size: int) -> tuple[int, int]:
    """How many of the letters 2, 3, ... of ``text`` can be right for whoever answers by the last
    ``size`` letters alone, and how many there are.

    Equal windows get equal answers, so of every window only the most frequent successor can
    be right. The beginning of the text counts as a mark of its own.
    """
    right = sum(max(counts.values()) for counts in _followers(text, size).values())
    return right, max(0, len(text) - 1)


def smallest_window(text: Sequence[str]) -> int:
    """The fewest last letters with which every next letter of ``text`` can be right."""
    return next(
        (size for size in range(1, len(text)) if len(set(told_apart(text, size))) == 1),
        max(1, len(text) - 1),
    )


def _followers(text: Sequence[str], size: int) -> Mapping[tuple, Counter]:
    """How often each window is followed by each letter."""
    found: defaultdict[tuple, Counter] = defaultdict(Counter)
    marked = [None] * (size - 1) + list(text)
    for place in range(len(text) - 1):
        found[tuple(marked[place : place + size])][text[place + 1]] += 1
    return found
