"""The first task: read n a m a s k a, predict r."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.networks import Vocabulary
from core.tasks.task import Batch

WORD = "namaskar"
VOCABULARY = Vocabulary(("n", "a", "m", "s", "k", "r"))


def _ids() -> Tensor:
    return torch.tensor(VOCABULARY.encode(WORD))


@dataclass(frozen=True)
class Namaskar:
    """The word *namaskar*: at each of seven letters, predict the one that follows.

    The letter *a* is followed once each by m, s and r, so the last letter alone does not say
    what comes next: a network must carry something from step to step. Whoever knows only the
    last letter needs 3/7 log2(3) = 0.679 bits a letter. Nothing is held out: there is one
    word, and it is learned by heart.
    """

    name: str = "namaskar"
    vocabulary: Vocabulary = VOCABULARY
    train: Tensor = field(default_factory=_ids)
    validation: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))
    fingerprint: str = WORD

    def batch(self, step: int = 0, size: int = 1, length: int = 7) -> Batch:
        """The seven letters and their successors, each (7, ``size``); every batch is the same.

        ``length`` is not asked for: the word has the length that it has.
        """
        ids = self.train.unsqueeze(1).expand(-1, size)
        return Batch(ids[:-1], ids[1:], continues=False)
