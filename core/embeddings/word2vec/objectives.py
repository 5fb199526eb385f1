"""From the name of an objective to the function that gives a batch's loss and gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.full_softmax import softmax_gradients
from core.embeddings.word2vec.hierarchical import hierarchical_gradients, paths_of
from core.embeddings.word2vec.huffman import huffman_tree
from core.embeddings.word2vec.independent import independent_gradients
from core.embeddings.word2vec.negatives import NegativeSampler, NegativeStream
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.shared import GROUP, SHARED, cbow_gradients, skip_gram_gradients
from core.embeddings.word2vec.updates import Gradients, Tables

Draw = Callable[[int], Tensor]
"""So many negatives, as rows; what the softmax objectives are given and never call."""

GradientsOf = Callable[[Positions, Tables, Draw], Gradients]


@dataclass(frozen=True, eq=False)
class Objective:
    """The loss and gradients of a batch, and what its negatives are drawn from."""

    gradients: GradientsOf
    sampler: NegativeSampler

    def stream(self, generator: torch.Generator) -> Draw:
        """Negatives for one thread."""
        return NegativeStream(self.sampler, generator).take


def make_objective(settings: Settings, vocabulary: Vocabulary) -> Objective:
    """What these settings ask to be minimised."""
    probability = vocabulary.negative_probability(settings.negative_exponent)
    sampler = NegativeSampler(probability, settings.device)
    if settings.objective == "softmax":
        return Objective(_full_softmax(settings), sampler)
    if settings.objective == "hierarchical-softmax":
        return Objective(_hierarchical(settings, vocabulary), sampler)
    offset = _nce_offset(vocabulary, settings) if settings.objective == "nce" else None
    negatives_of = _shared if settings.shared_negatives else _independent
    return Objective(negatives_of(settings, offset), sampler)


def _full_softmax(settings: Settings) -> GradientsOf:
    return lambda positions, tables, _: softmax_gradients(settings.model, positions, tables)


def _hierarchical(settings: Settings, vocabulary: Vocabulary) -> GradientsOf:
    paths = paths_of(huffman_tree(vocabulary.counts), settings.device, torch.float32)
    return lambda positions, tables, _: hierarchical_gradients(
        settings.model, positions, tables, paths
    )


def _shared(settings: Settings, offset: Tensor | None) -> GradientsOf:
    of_model = skip_gram_gradients if settings.model == "skip-gram" else cbow_gradients
    shared = SHARED[settings.model]

    def gradients(positions: Positions, tables: Tables, draw: Draw) -> Gradients:
        drawn = draw(positions.count // GROUP * shared).view(-1, shared)
        return of_model(positions, tables, drawn, settings.negatives, offset)

    return gradients


def _independent(settings: Settings, offset: Tensor | None) -> GradientsOf:
    def gradients(positions: Positions, tables: Tables, draw: Draw) -> Gradients:
        reached = positions.inner(positions.reached)
        pairs = int(reached.sum() if settings.model == "skip-gram" else (reached > 0).sum())
        drawn = draw(pairs * settings.negatives).view(-1, settings.negatives)
        return independent_gradients(settings.model, positions, tables, drawn, offset)

    return gradients


def _nce_offset(vocabulary: Vocabulary, settings: Settings) -> Tensor:
    """log(negatives * P(w) / f(w)): the odds of noise, with f(w) the share of the corpus.

    NCE's model is p(w | h) = f(w) exp(h.u_w). The factor f(w) is a bias known beforehand: without
    it the vectors are spent on learning how frequent words are.
    """
    probability = vocabulary.negative_probability(settings.negative_exponent)
    share = vocabulary.counts / vocabulary.counts.sum()
    offset = np.log(settings.negatives * probability / share)
    return torch.tensor(offset, dtype=torch.float32, device=settings.device)
