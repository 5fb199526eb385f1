"""Drawing words from a fixed distribution in constant time a word, by the alias method."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

_AT_A_TIME = 1 << 14


class NegativeSampler:
    """Independent draws from P over V words.

    Each of V equal boxes holds at most two words: its own, with the share ``threshold``, and
    ``alias``. A draw takes a box and then one of its two words, so it costs two random numbers
    whatever V is, and the distribution is P to float32's precision.

    Source: Walker 1977; Vose, *A Linear Algorithm for Generating Random Numbers with a Given
    Distribution*, 1991.

    Parameters
    ----------
    probability
        P, non-negative, adding up to 1, shape (V,).
    """

    def __init__(self, probability: np.ndarray, device: torch.device | str = "cpu") -> None:
        threshold, alias = _alias_table(probability)
        self.threshold = torch.tensor(threshold, dtype=torch.float32, device=device)
        self.alias = torch.tensor(alias, device=device)

    def draw(self, count: int, generator: torch.Generator) -> Tensor:
        """Rows of ``count`` words, int64."""
        device = self.alias.device
        box = torch.randint(len(self.alias), (count,), generator=generator, device=device)
        coin = torch.rand(count, generator=generator, device=device)
        own = coin < self.threshold.index_select(0, box)
        return torch.where(own, box, self.alias.index_select(0, box))


class NegativeStream:
    """Draws of one thread, made many at a time and handed out as they are needed."""

    def __init__(self, sampler: NegativeSampler, generator: torch.Generator) -> None:
        self._sampler = sampler
        self._generator = generator
        self._ready = sampler.alias[:0]

    def take(self, count: int) -> Tensor:
        """Rows of the next ``count`` words, int64."""
        if count > len(self._ready):
            self._ready = self._sampler.draw(max(count, _AT_A_TIME), self._generator)
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken


def _alias_table(probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fill every box below average from one above it, until all hold exactly 1 / V."""
    threshold = np.asarray(probability, dtype=np.float64) * len(probability)
    alias = np.arange(len(probability))
    small = list(np.flatnonzero(threshold < 1))
    large = list(np.flatnonzero(threshold >= 1))
    while small and large:
        poor, rich = small.pop(), large[-1]
        alias[poor] = rich
        threshold[rich] -= 1 - threshold[poor]
        if threshold[rich] < 1:
            small.append(large.pop())
    # What rounding left over is full.
    threshold[small] = 1
    threshold[large] = 1
    return threshold, alias
