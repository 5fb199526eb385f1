"""Negative sampling and NCE with negatives shared by a group of positions: the fast path."""

from __future__ import annotations

import torch
from torch import Tensor

from core.embeddings.word2vec.bands import (
    BLOCK,
    add_blocks,
    band_of_neighbours,
    blocks_of,
    mean_of_windows,
)
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.updates import Gradients, RowUpdate, Tables

GROUP = 32
"""Positions that share their negatives; a multiple of the block."""

SHARED = {"skip-gram": 16, "cbow": 8}
"""Negatives that a group shares. CBOW has one example a position where skip-gram has several."""

_TINY = 1e-30


def skip_gram_gradients(
    positions: Positions,
    tables: Tables,
    drawn: Tensor,
    negatives: int,
    offset: Tensor | None = None,
) -> Gradients:
    """Skip-gram: every word in the window of position c predicts the word at c.

    With v the input and u the output vectors, the pairs (b, c) of a group and its S shared
    negatives n have the loss

        sum over pairs of [-log sigmoid(v_b . u_c)
                           - negatives / S * sum over n of log sigmoid(-v_b . u_n)]

    whose expectation over the draws is that of ``negatives`` independent ones for every pair.

    Parameters
    ----------
    drawn
        The shared negatives, shape (n / GROUP, S).
    negatives
        How many a pair stands for.
    offset
        Taken off every score, by output word, shape (V,), for NCE: log(negatives * P(w) / f(w)).
    """
    window, size = positions.window, tables.input.shape[1]
    groups, shared = drawn.shape
    band = band_of_neighbours(positions, tables.input.dtype)
    pairs = band.sum(1).view(-1)
    weight = (pairs * (negatives / shared)).view(groups, 1, GROUP)

    words = positions.inner(positions.words)
    v = tables.input.index_select(0, words)
    u = tables.output.index_select(0, positions.words)
    u_drawn = tables.output.index_select(0, drawn.view(-1)).view(groups, shared, size)
    v_block, v_group = v.view(-1, BLOCK, size), v.view(groups, GROUP, size)
    u_block = blocks_of(u, window)

    score = torch.bmm(u_block, v_block.transpose(1, 2))
    score_drawn = torch.bmm(u_drawn, v_group.transpose(1, 2))
    if offset is not None:
        reach = BLOCK + 2 * window
        score -= offset.index_select(0, positions.words).unfold(0, reach, BLOCK)[:, :, None]
        score_drawn -= offset.index_select(0, drawn.view(-1)).view(groups, shared, 1)
    loss, error, error_drawn = _logistic(score, score_drawn, band, weight)

    d_v = torch.bmm(error.transpose(1, 2), u_block)
    d_v.view(groups, GROUP, size).baddbmm_(error_drawn.transpose(1, 2), u_drawn)
    d_u = add_blocks(torch.bmm(error, v_block), window)
    d_drawn = torch.bmm(error_drawn, v_group).view(-1, size)
    return Gradients(
        loss,
        pairs.sum(),
        (
            RowUpdate("input", words, d_v.view(-1, size), pairs * (1 + negatives)),
            RowUpdate("output", positions.words, d_u, positions.reached.to(v.dtype)),
            _drawn_update(drawn, d_drawn, weight),
        ),
    )


def cbow_gradients(
    positions: Positions,
    tables: Tables,
    drawn: Tensor,
    negatives: int,
    offset: Tensor | None = None,
) -> Gradients:
    """CBOW: the mean of the words in the window of position b predicts the word at b.

    h_b = mean over c in the window of v_c takes the place of v_b in the loss of skip-gram, once
    for every position that has a neighbour. The arguments are those of ``skip_gram_gradients``.
    """
    window, size = positions.window, tables.input.shape[1]
    groups, shared = drawn.shape
    mean, counted = mean_of_windows(positions, tables.input.dtype)
    weight = (counted * (negatives / shared)).view(groups, 1, GROUP)

    words = positions.inner(positions.words)
    v_block = blocks_of(tables.input.index_select(0, positions.words), window)
    h = torch.bmm(mean, v_block).view(-1, size)
    h_group = h.view(groups, GROUP, size)
    u = tables.output.index_select(0, words)
    u_drawn = tables.output.index_select(0, drawn.view(-1)).view(groups, shared, size)

    score = torch.linalg.vecdot(h, u)
    score_drawn = torch.bmm(u_drawn, h_group.transpose(1, 2))
    if offset is not None:
        score -= offset.index_select(0, words)
        score_drawn -= offset.index_select(0, drawn.view(-1)).view(groups, shared, 1)
    loss, error, error_drawn = _logistic(score, score_drawn, counted, weight)

    d_u = h * error[:, None]
    d_h = u.mul_(error[:, None])
    d_h.view(groups, GROUP, size).baddbmm_(error_drawn.transpose(1, 2), u_drawn)
    d_v = torch.bmm(mean.transpose(1, 2), d_h.view(-1, BLOCK, size))
    d_drawn = torch.bmm(error_drawn, h_group).view(-1, size)
    # A word is in as many windows as its own has words, each time with the inverse as its share.
    terms = positions.reached.clamp(max=1).to(h.dtype).mul_(1 + negatives)
    return Gradients(
        loss,
        counted.sum(),
        (
            RowUpdate("input", positions.words, add_blocks(d_v, window), terms),
            RowUpdate("output", words, d_u, counted),
            _drawn_update(drawn, d_drawn, weight),
        ),
    )


def _logistic(
    score: Tensor, score_drawn: Tensor, band: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Weighted logistic loss of pairs against negatives, and its derivative by each score.

        loss = -sum band * log sigmoid(score) - sum weight * log sigmoid(-score_drawn)

    log sigmoid(-x) is log sigmoid(x) - x, which saves a second sigmoid.
    """
    sum_drawn = score_drawn.sum(1)
    sigmoid, sigmoid_drawn = score.sigmoid_(), score_drawn.sigmoid_()
    log_sigmoid = sigmoid.clamp(min=_TINY).log_()
    log_drawn = sigmoid_drawn.clamp(min=_TINY).log_().sum(1)
    loss = torch.dot(weight.view(-1), (sum_drawn - log_drawn).view(-1))
    loss -= torch.dot(band.view(-1), log_sigmoid.view(-1))
    return loss, sigmoid.sub_(1).mul_(band), sigmoid_drawn.mul_(weight)


def _drawn_update(drawn: Tensor, gradient: Tensor, weight: Tensor) -> RowUpdate:
    terms = weight.sum(2).expand(drawn.shape).reshape(-1)
    return RowUpdate("output", drawn.view(-1), gradient, terms)
