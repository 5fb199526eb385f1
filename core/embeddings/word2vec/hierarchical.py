"""Hierarchical softmax: a word is predicted by the turns on its path through a Huffman tree."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from core.embeddings.word2vec.huffman import HuffmanTree
from core.embeddings.word2vec.pairs import input_update, make_pairs, neighbours
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Model
from core.embeddings.word2vec.updates import Gradients, RowUpdate, Tables


@dataclass(frozen=True, eq=False)
class Paths:
    """A Huffman tree as tensors: ``nodes`` (V, depth), ``sign`` (V, depth): +1 for branch 0,
    -1 for branch 1, 0 where the path has ended."""

    nodes: Tensor
    sign: Tensor


def paths_of(tree: HuffmanTree, device: torch.device | str, dtype: torch.dtype) -> Paths:
    """The tree on a device."""
    nodes = torch.tensor(tree.nodes, device=device)
    inside = torch.arange(nodes.shape[1]) < torch.tensor(tree.lengths)[:, None]
    sign = (1 - 2 * torch.tensor(tree.codes).to(dtype)) * inside
    return Paths(nodes, sign.to(device))


def hierarchical_gradients(
    model: Model, positions: Positions, tables: Tables, paths: Paths
) -> Gradients:
    """The probability of a word is the product of the turns that lead to it.

        loss = -sum over pairs and nodes j on the path to t of log sigmoid(sign_j * h . u_j)

    All h that predict the same position share its path, so the path's vectors are fetched once.

    Source: Morin and Bengio 2005; Mikolov et al. 2013, section 2.1.
    """
    words = positions.inner(positions.words)
    hidden, counted = _predictors(model, positions, tables)
    nodes, sign = paths.nodes.index_select(0, words), paths.sign.index_select(0, words)
    u = tables.output.index_select(0, nodes.view(-1)).view(*nodes.shape, -1)

    score = torch.bmm(u, hidden.transpose(1, 2)).mul_(sign[:, :, None])
    weight = sign.abs()[:, :, None] * counted[:, None]
    loss = -(logsigmoid(score) * weight).sum()
    error = score.sigmoid_().sub_(1).mul_(weight).mul_(sign[:, :, None])

    d_u = torch.bmm(error, hidden).view(-1, u.shape[2])
    d_hidden = torch.bmm(error.transpose(1, 2), u)
    terms = weight.sum(1)
    if model == "skip-gram":
        d_hidden, terms = _add_windows(d_hidden, positions), _add_windows(terms, positions)
    else:
        d_hidden, terms = d_hidden[:, 0], terms[:, 0]
    return Gradients(
        loss,
        counted.sum(),
        (
            RowUpdate("output", nodes.view(-1), d_u, weight.sum(2).view(-1)),
            input_update(model, positions, d_hidden, terms),
        ),
    )


def _predictors(model: Model, positions: Positions, tables: Tables) -> tuple[Tensor, Tensor]:
    """Hidden vectors that predict each position, (n, m, size), and 1 for those that do, (n, m).

    m is 2 window + 1 for skip-gram, a view of overlapping windows, and 1 for CBOW.
    """
    if model == "cbow":
        pairs = make_pairs(model, positions, tables)
        counted = pairs.hidden.new_zeros(len(pairs.hidden), 1)
        counted[pairs.source] = 1
        return pairs.hidden[:, None], counted
    rows = tables.input.index_select(0, positions.words)
    size = rows.shape[1]
    shape = (positions.count, 2 * positions.window + 1, size)
    return rows.as_strided(shape, (size, size, 1)), neighbours(positions).to(rows.dtype)


def _add_windows(values: Tensor, positions: Positions) -> Tensor:
    """Transpose of the overlapping windows: add column o of row i to place i + o."""
    total = values.new_zeros(len(positions.words), *values.shape[2:])
    for column in range(values.shape[1]):
        total[column : column + positions.count] += values[:, column]
    return total
