"""Several processes that train together, each on its own copy of the tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from core.embeddings.word2vec.worker import Engine, Tally

if TYPE_CHECKING:
    from torch import Tensor

WORDS_BETWEEN = 50_000
"""Words that each process trains between two meetings."""


class Peers:
    """The processes of a ``torch.distributed`` group, or one alone."""

    def __init__(self) -> None:
        # A process that never imported it is in no group.
        distributed = sys.modules.get("torch.distributed")
        together = bool(distributed and distributed.is_available() and distributed.is_initialized())
        self.rank = distributed.get_rank() if together else 0
        self.count = distributed.get_world_size() if together else 1

    def add_up(self, tally: Tally) -> Tally:
        """The sum of what all did."""
        if self.count == 1:
            return tally
        import torch
        import torch.distributed as distributed

        every = torch.tensor([tally.steps, tally.words, tally.loss, tally.examples]).double()
        distributed.all_reduce(every)
        steps, words, loss, examples = every.tolist()
        return Tally(int(steps), int(words), loss, examples)


class Meeting:
    """Where the tables of all processes become one again.

    Every process adds what all of them changed since the last meeting. A row that several moved
    the same way was moved by each of them towards the same place, and the sum would go beyond it;
    one that they moved in different directions learned something from each. With d_p what process
    p of N changed in a row, the row moves by

        sum_p d_p / max(1, |sum_p d_p|^2 / sum_p |d_p|^2)

    which is the sum where the changes are orthogonal, or only one process made any, and their
    mean where all are the same.

    Source of the idea: Maleki et al., *Scaling Distributed Training with Adaptive Summation*,
    2021.
    """

    def __init__(self, peers: Peers, engine: Engine) -> None:
        self._peers, self._engine = peers, engine
        if peers.count > 1:
            self._before = [table.copy() for table in engine.tables()]

    def meet(self) -> None:
        """Bring all tables together; with one process there is nothing to do."""
        if self._peers.count == 1:
            return
        import torch

        for table, before in zip(self._engine.tables(), self._before):
            change = torch.from_numpy(table - before)
            before += _joined(change).numpy()
        self._engine.load(*self._before)


def _joined(change: Tensor) -> Tensor:
    import torch
    import torch.distributed as distributed

    squares = change.square().sum(1, keepdim=True)
    both = torch.cat([change, squares], 1)
    distributed.all_reduce(both)
    total, squares = both[:, :-1], both[:, -1:]
    together = total.square().sum(1, keepdim=True)
    return total / (together / squares.clamp(min=np.finfo(np.float32).tiny)).clamp(min=1)
