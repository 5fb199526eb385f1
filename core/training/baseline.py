"""What counting reaches: the score that a network has to beat."""

from __future__ import annotations

import torch
from torch import Tensor


def unigram_bits(train: Tensor, held_out: Tensor, classes: int, *, start: float = 1.0) -> float:
    r"""Bits per character of :math:`p(x_t)`, counted on ``train`` and scored on ``held_out``.

    Both are ids (time,); ids outside 0 .. classes - 1 are passed over, and so is the first of
    ``held_out``, which no network is asked for either. Every count begins at ``start``: with 1
    nothing is impossible, 0 gives the exact shares where both texts are the same.
    Raises ValueError when nothing is left to score.
    """
    counts = torch.full((classes,), start, dtype=torch.float64)
    counts += torch.bincount(train[train < classes], minlength=classes)
    following = held_out[1:]
    return _bits((counts / counts.sum()).log2()[following[following < classes]])


def bigram_bits(train: Tensor, held_out: Tensor, classes: int, *, start: float = 1.0) -> float:
    r"""Bits per character of :math:`p(x_t \mid x_{t-1})`, counted and scored as above."""
    pairs = _pairs(train, classes)
    counts = torch.bincount(pairs[:, 0] * classes + pairs[:, 1], minlength=classes * classes)
    counts = counts.double().view(classes, classes) + start
    asked = _pairs(held_out, classes)
    return _bits((counts / counts.sum(1, keepdim=True)).log2()[asked[:, 0], asked[:, 1]])


def _pairs(ids: Tensor, classes: int) -> Tensor:
    pairs = torch.stack((ids[:-1], ids[1:]), dim=1)
    return pairs[(pairs < classes).all(1)]


def _bits(log_probabilities: Tensor) -> float:
    if not len(log_probabilities):
        raise ValueError("There is no character to score; give a longer text to hold out.")
    return -log_probabilities.mean().item()
