"""Which of the next tokens may be drawn: temperature, top-k and top-p."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor


class Filtered(NamedTuple):
    """One step's probabilities of every token (class,), in float64; each adds up to 1.

    before: what the network said. tempered: sharpened or flattened. after: of the tokens that
    may be drawn, 0 for the others.
    """

    before: Tensor
    tempered: Tensor
    after: Tensor


@dataclass(frozen=True)
class Filters:
    r"""What happens to the network's probabilities before a token is drawn, in this order.

    temperature T: :math:`p'(x) = p(x)^{1/T} / \sum_y p(y)^{1/T}`, the softmax of the logits
        divided by T. Below 1 the likely becomes likelier; 0 is its limit: the likeliest alone.
    top_k: only the k likeliest stay; 0 for all.
    top_p: of those, the smallest set of likeliest tokens stays whose probability (after
        temperature and top-k) is at least p; 1 for all.

    What stays is scaled to add up to 1. Equals are taken in the order of the vocabulary.
    Raises ValueError for a value out of its range.
    Sources: A. Fan, M. Lewis and Y. Dauphin, arXiv:1805.04833 (2018), for top-k;
    A. Holtzman and others, arXiv:1904.09751 (2019), for top-p.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise ValueError(f"temperature is {self.temperature}; expected 0 or more.")
        if self.top_k < 0:
            raise ValueError(f"top_k is {self.top_k}; expected 1 or more, or 0 for all tokens.")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p is {self.top_p}; expected more than 0, at most 1.")

    def __call__(self, logits: Tensor) -> Filtered:
        """The probabilities for ``logits`` (class,)."""
        scores = logits.double()
        before = torch.softmax(scores, dim=-1)
        if self.temperature == 0:
            only = torch.zeros_like(before)
            only[scores.argmax()] = 1
            return Filtered(before, only, only)
        tempered = torch.softmax((scores - scores.max()) / self.temperature, dim=-1)
        return Filtered(before, tempered, self._cut(tempered))

    def _cut(self, tempered: Tensor) -> Tensor:
        order = ranked(tempered)
        if self.top_k:
            order = order[: self.top_k]
        shares = tempered[order] / tempered[order].sum()
        if self.top_p < 1:
            # a token stays as long as those before it do not reach p
            reached = torch.cumsum(shares, 0) - shares
            order = order[reached < self.top_p]
        after = torch.zeros_like(tempered)
        after[order] = tempered[order]
        return after / after.sum()


def ranked(probabilities: Tensor) -> Tensor:
    """The tokens from the likeliest on; equals in the order of the vocabulary."""
    return torch.argsort(probabilities, descending=True, stable=True)
