"""Hidden vectors and the words they must predict, one pair at a time.

The objectives that cannot share work between neighbours (independent negatives, the softmax) see
both models in this form: ``hidden[source[p]]`` must predict the word ``target[p]``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from core.embeddings.word2vec.bands import BLOCK, add_blocks, blocks_of, mean_of_windows
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Model
from core.embeddings.word2vec.updates import RowUpdate, Tables


@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of one batch.

    Parameters
    ----------
    hidden
        Vectors that predict, (H, size): one for each position and its halo (skip-gram) or for
        each position (CBOW).
    source
        Which of them predicts in each pair, int64 of shape (P,).
    target
        Row of the word to be predicted, int64 of shape (P,).
    """

    hidden: Tensor
    source: Tensor
    target: Tensor


def make_pairs(model: Model, positions: Positions, tables: Tables) -> Pairs:
    """The pairs of a batch: for skip-gram (neighbour, word), for CBOW (mean of window, word)."""
    words = positions.inner(positions.words)
    if model == "skip-gram":
        place, reach = neighbours(positions).nonzero(as_tuple=True)
        hidden = tables.input.index_select(0, positions.words)
        return Pairs(hidden, place + reach, words.index_select(0, place))
    mean, counted = mean_of_windows(positions, tables.input.dtype)
    rows = tables.input.index_select(0, positions.words)
    hidden = torch.bmm(mean, blocks_of(rows, positions.window)).view(-1, rows.shape[1])
    source = counted.nonzero().view(-1)
    return Pairs(hidden, source, words.index_select(0, source))


def neighbours(positions: Positions) -> Tensor:
    """Which neighbours are in each window, bool of shape (n, 2 window + 1).

    Column o is the neighbour at offset o - window; a position is not its own neighbour.
    """
    window = positions.window
    offset = torch.arange(-window, window + 1, device=positions.left.device)
    left = positions.inner(positions.left)[:, None]
    right = positions.inner(positions.right)[:, None]
    return (offset >= -left) & (offset <= right) & (offset != 0)


def input_update(model: Model, positions: Positions, d_hidden: Tensor, terms: Tensor) -> RowUpdate:
    """Carry the gradient of the hidden vectors back to the input table.

    Parameters
    ----------
    d_hidden
        d loss / d hidden, shape (H, size).
    terms
        How many terms of the loss each hidden vector took part in, shape (H,).
    """
    if model == "cbow":
        mean, _ = mean_of_windows(positions, d_hidden.dtype)
        both = torch.cat([d_hidden, terms[:, None]], 1).view(-1, BLOCK, d_hidden.shape[1] + 1)
        rows = add_blocks(torch.bmm(mean.transpose(1, 2), both), positions.window)
        d_hidden, terms = rows[:, :-1], rows[:, -1]
    return RowUpdate("input", positions.words, d_hidden, terms)
