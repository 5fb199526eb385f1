"""Gradients of few rows of large tables, and the step that applies them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from torch import Tensor

LARGEST_STEP = 2.0
"""How much a row may move at most, in units of one gradient term at learning rate 1."""


class Tables(NamedTuple):
    """What is learned.

    ``input`` holds the vector of each word as it is read, (V, size): the finished embedding.
    ``output`` holds the vector of each word as it is predicted, (V, size), or of each inner node
    of the Huffman tree, (V - 1, size).
    """

    input: Tensor
    output: Tensor


@dataclass(frozen=True, eq=False)
class RowUpdate:
    """Gradients of some rows of a table; a row may occur many times, and then they add up.

    Parameters
    ----------
    table
        Which of the two tables.
    rows
        int64 of shape (R,).
    gradient
        d loss / d row, shape (R, size).
    terms
        How many terms of the loss each gradient is the sum of, shape (R,).
    """

    table: Literal["input", "output"]
    rows: Tensor
    gradient: Tensor
    terms: Tensor


class Gradients(NamedTuple):
    """The loss of one batch and its gradients.

    ``loss`` is the sum over ``examples`` examples (pairs for skip-gram, positions for CBOW);
    both are tensors without dimensions, so that a device need not be waited for.
    """

    loss: Tensor
    examples: Tensor
    updates: tuple[RowUpdate, ...]


class Descent:
    """Stochastic gradient descent on rows, held back where one batch asks too much of a row.

    A row that takes part in m terms of a batch gets all of them from the same, old values. Each
    term is logistic, with a curvature of at most |h|^2 / 4, so steps above 8 / |h|^2 in all
    overshoot, and frequent words diverge. The summed step is therefore divided by

        max(1, learning_rate * m / LARGEST_STEP)

    Rare words are never touched by it, nor is anything once the learning rate is small.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._terms = Tables(*(table.new_zeros(len(table)) for table in tables))

    def apply(self, gradients: Gradients, learning_rate: float) -> None:
        """Move the rows. The gradients' memory is used up."""
        for update in gradients.updates:
            rows, table = update.rows, getattr(self.tables, update.table)
            terms = getattr(self._terms, update.table).index_add_(0, rows, update.terms)
            # learning_rate / max(1, learning_rate * m / largest), for m the terms of a row
            share = terms.index_select(0, rows).clamp_(min=LARGEST_STEP / learning_rate)
            if len(terms) < 16 * len(rows):
                terms.zero_()
            else:
                # The table may be a million long: only the touched entries are cleared.
                terms.index_fill_(0, rows, 0)
            step = update.gradient.mul_(share.reciprocal_().mul_(-LARGEST_STEP)[:, None])
            table.index_add_(0, rows, step)
