"""What counting reaches: the score that a network has to beat."""

from __future__ import annotations

import torch
from torch import Tensor


def unigram_bits(train: Tensor, held_out: Tensor, classes: int, *, start: float = 1.0) -> float:
    r"""Bits per token of :math:`p(x_t)`, counted on ``train`` and scored on ``held_out``.

    Both are ids (time,); ids outside 0 .. classes - 1 are passed over, and so is the first of
    ``held_out``, which no network is asked for either. Every count begins at ``start``: with 1
    nothing is impossible, 0 gives the exact shares where both texts are the same.
    Raises ValueError when nothing is left to score.
    """
    following = held_out[1:]
    return _bits(_shares(train, classes, start).log2()[following[following < classes]])


def bigram_bits(train: Tensor, held_out: Tensor, classes: int, *, start: float = 1.0) -> float:
    r"""Bits per token of :math:`p(x_t \mid x_{t-1})`, counted and scored as above."""
    asked = _pairs(held_out, classes)
    pair, before, _ = _counts(train, asked, classes)
    return _bits(((pair + start) / (before + start * classes)).log2())


def mixed_bigram_bits(train: Tensor, held_out: Tensor, classes: int) -> float:
    r"""Bits per token of pairs that fall back on single tokens, as far as pairs are rare.

    .. math:: p(b \mid a) = \frac{c(a b) + n(a)\, p(b)}{c(a) + n(a)}

    with n(a) the number of different tokens seen after a, and p(b) counted from 1. With a large
    vocabulary most pairs were never seen, and adding 1 to each would make a straw man of them.
    Ids and errors as above.
    Source: I. Witten and T. Bell, IEEE Transactions on Information Theory 37 (1991), method C.
    """
    asked = _pairs(held_out, classes)
    pair, before, different = _counts(train, asked, classes)
    alone = _shares(train, classes, 1.0)[asked[:, 1]]
    different = different.clamp_min(1)  # after a token that nothing followed: single tokens alone
    return _bits(((pair + different * alone) / (before + different)).log2())


def _shares(train: Tensor, classes: int, start: float) -> Tensor:
    counts = torch.full((classes,), start, dtype=torch.float64)
    counts += torch.bincount(train[train < classes], minlength=classes)
    return counts / counts.sum()


def _counts(train: Tensor, asked: Tensor, classes: int) -> tuple[Tensor, Tensor, Tensor]:
    """For each pair (a, b) that is asked for: how often it occurs in ``train``, how often a is
    followed by anything, and by how many different tokens. Memory grows with the text, not
    with the square of the vocabulary."""
    pairs = _pairs(train, classes)
    seen, times = torch.unique(pairs[:, 0] * classes + pairs[:, 1], return_counts=True)
    wanted = asked[:, 0] * classes + asked[:, 1]
    if len(seen):
        place = torch.searchsorted(seen, wanted).clamp_max(len(seen) - 1)
        pair = torch.where(seen[place] == wanted, times[place], 0)
    else:
        pair = torch.zeros_like(wanted)
    before = torch.bincount(pairs[:, 0], minlength=classes)
    different = torch.bincount(seen // classes, minlength=classes)
    return pair.double(), before[asked[:, 0]].double(), different[asked[:, 0]].double()


def _pairs(ids: Tensor, classes: int) -> Tensor:
    pairs = torch.stack((ids[:-1], ids[1:]), dim=1)
    return pairs[(pairs < classes).all(1)]


def _bits(log_probabilities: Tensor) -> float:
    if not len(log_probabilities):
        raise ValueError("There is no character to score; give a longer text to hold out.")
    return -log_probabilities.mean().item()
