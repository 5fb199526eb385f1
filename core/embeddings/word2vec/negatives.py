"""Drawing negatives on a device."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.embeddings.word2vec.alias import alias_table

_AT_A_TIME = 1 << 14


class NegativeSampler:
    """Independent draws from P over V words.

    ``alias_table`` holds P to float32's precision.

    Parameters
    ----------
    probability
        P, non-negative, adding up to 1, shape (V,).
    """

    def __init__(self, probability: np.ndarray, device: torch.device | str = "cpu") -> None:
        threshold, alias = alias_table(probability)
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
