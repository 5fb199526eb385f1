"""Negative sampling and NCE with negatives of its own for every pair."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from core.embeddings.word2vec.pairs import Pairs, input_update, make_pairs
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Model
from core.embeddings.word2vec.updates import Gradients, RowUpdate, Tables

PAIRS_AT_A_TIME = 2048


def independent_gradients(
    model: Model,
    positions: Positions,
    tables: Tables,
    drawn: Tensor,
    offset: Tensor | None = None,
) -> Gradients:
    """The negative sampling objective as the paper states it.

        loss = sum over pairs of [-log sigmoid(h . u_t) - sum over k of log sigmoid(-h . u_n[k])]

    Parameters
    ----------
    drawn
        Negatives of every pair, int64 of shape (P, negatives) or longer: the rows that the batch
        does not need are ignored.
    offset
        Taken off every score, by output word, for NCE: log(negatives * P(w) / f(w)).

    Source: Mikolov et al. 2013, equation 4; for NCE, Mnih and Kavukcuoglu, *Learning word
    embeddings efficiently with noise-contrastive estimation*, 2013.
    """
    pairs = make_pairs(model, positions, tables)
    d_hidden = torch.zeros_like(pairs.hidden)
    terms = pairs.hidden.new_zeros(len(pairs.hidden))
    loss = pairs.hidden.new_zeros(())
    updates = []
    for start in range(0, len(pairs.source), PAIRS_AT_A_TIME):
        run = slice(start, start + PAIRS_AT_A_TIME)
        source, target = pairs.source[run], pairs.target[run]
        candidates = torch.cat([target[:, None], drawn[run][: len(target)]], 1)
        part, d_h, update = _candidates(pairs, source, candidates, tables.output, offset)
        loss += part
        d_hidden.index_add_(0, source, d_h)
        terms.index_add_(0, source, d_h.new_full((len(source),), candidates.shape[1]))
        updates.append(update)
    updates.append(input_update(model, positions, d_hidden, terms))
    return Gradients(loss, loss.new_tensor(len(pairs.source)), tuple(updates))


def _candidates(
    pairs: Pairs, source: Tensor, candidates: Tensor, output: Tensor, offset: Tensor | None
) -> tuple[Tensor, Tensor, RowUpdate]:
    """Logistic loss of p pairs, each with its word in column 0 and its negatives after it."""
    h = pairs.hidden.index_select(0, source)[:, None]
    u = output.index_select(0, candidates.view(-1)).view(*candidates.shape, -1)
    score = torch.linalg.vecdot(h, u)
    if offset is not None:
        score -= offset.index_select(0, candidates.view(-1)).view(candidates.shape)
    error = score.sigmoid()
    error[:, 0] -= 1
    score[:, 0].neg_()
    d_h = torch.bmm(error[:, None], u)[:, 0]
    d_u = u.copy_(h).mul_(error[:, :, None])
    update = RowUpdate(
        "output", candidates.view(-1), d_u.view(-1, h.shape[2]), h.new_ones(candidates.numel())
    )
    return -logsigmoid(-score).sum(), d_h, update
