r"""A linear recurrence, step by step and all at once.

.. math:: h_t = a_t \odot h_{t-1} + b_t

One step is the map :math:`h \mapsto a h + b`, and two steps after each other are one map of the
same kind: :math:`(a, b)` and then :math:`(a', b')` make :math:`(a' a, a' b + b')`. So the steps
may be joined in any grouping, which a step with a tanh around it does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor


def step_by_step(keep: Tensor, written: Tensor, start: Tensor) -> Tensor:
    """Every h_t, one after another: as many steps as the sequence is long.

    Parameters
    ----------
    keep, written
        a and b, shape (time, ...).
    start
        h before the first step, shape (...).
    """
    state, states = start, []
    for a, b in zip(keep, written):
        state = a * state + b
        states.append(state)
    return torch.stack(states)


def all_at_once(keep: Tensor, written: Tensor, start: Tensor) -> Tensor:
    """Every h_t by a parallel scan: log2 of the length in rounds, the same numbers.

    Arguments and result are those of ``step_by_step``. Every round does some work at every place,
    so the whole costs more additions than the loop: what is saved is waiting.
    Sources: W. D. Hillis and G. L. Steele, *Data parallel algorithms*, 1986; for networks
    E. Martin and C. Cundy, arXiv:1709.04057.
    """
    for _, a, b in joined_rounds(keep, written):
        keep, written = a, b
    return keep * start + written


def joined_rounds(keep: Tensor, written: Tensor) -> Iterator[tuple[int, Tensor, Tensor]]:
    """The rounds of the scan: how many steps are joined at most, and the joined a and b.

    After a round that joins n, place t holds the map of its last min(n, t + 1) steps.
    """
    reach = 1
    while reach < len(keep):
        before_a, before_b = keep[:-reach], written[:-reach]
        written = torch.cat([written[:reach], keep[reach:] * before_b + written[reach:]])
        keep = torch.cat([keep[:reach], keep[reach:] * before_a])
        reach *= 2
        yield reach, keep, written
