"""The full softmax: every word of the vocabulary competes in every pair."""

from __future__ import annotations

import torch

from core.embeddings.word2vec.pairs import input_update, make_pairs
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Model
from core.embeddings.word2vec.updates import Gradients, RowUpdate, Tables

SCORES_AT_A_TIME = 1 << 22
"""Scores held at once: hidden vectors are taken in runs, so memory does not grow with V."""


def softmax_gradients(model: Model, positions: Positions, tables: Tables) -> Gradients:
    """Cross entropy of a softmax over the whole vocabulary.

        loss = sum over pairs of [log sum over w of exp(h . u_w) - h . u_t]

    A hidden vector that predicts several words makes its V scores only once. O(V) a position.
    """
    pairs = make_pairs(model, positions, tables)
    hidden, output = pairs.hidden, tables.output
    times = torch.bincount(pairs.source, minlength=len(hidden)).to(hidden.dtype)
    d_hidden = torch.zeros_like(hidden)
    d_output = torch.zeros_like(output)
    terms = output.new_zeros(len(output))
    loss = hidden.new_zeros(())
    order = pairs.source.argsort(stable=True)
    source, target = pairs.source[order], pairs.target[order]
    run = max(1, SCORES_AT_A_TIME // len(output))
    for start in range(0, len(hidden), run):
        h, count = hidden[start : start + run], times[start : start + run]
        first, last = torch.searchsorted(source, source.new_tensor([start, start + run])).tolist()
        row, word = source[first:last] - start, target[first:last]
        score = h @ output.T
        normaliser = score.logsumexp(1, keepdim=True)
        loss += (normaliser[:, 0] * count).sum() - score[row, word].sum()
        expected = score.sub_(normaliser).exp_().mul_(count[:, None])
        terms += expected.sum(0)
        error = expected.index_put_((row, word), expected.new_tensor(-1.0), accumulate=True)
        d_hidden[start : start + run] = error @ output
        d_output.addmm_(error.T, h)
    terms += torch.bincount(target, minlength=len(output)).to(terms.dtype)
    rows = torch.arange(len(output), device=output.device)
    return Gradients(
        loss,
        loss.new_tensor(len(source)),
        (
            RowUpdate("output", rows, d_output, terms),
            input_update(model, positions, d_hidden, 2 * times),
        ),
    )
