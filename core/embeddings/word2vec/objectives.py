"""From the name of an objective to the function that gives a batch's loss and gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.full_softmax import softmax_gradients
from core.embeddings.word2vec.hierarchical import hierarchical_gradients, paths_of
from core.embeddings.word2vec.huffman import huffman_tree
from core.embeddings.word2vec.independent import independent_gradients
from core.embeddings.word2vec.negatives import NegativeSampler
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.shared import GROUP, SHARED, cbow_gradients, skip_gram_gradients
from core.embeddings.word2vec.updates import Gradients, Tables

GradientsOf = Callable[[Positions, Tables, torch.Generator], Gradients]


def make_objective(settings: Settings, vocabulary: Vocabulary) -> GradientsOf:
    """The loss and gradients of a batch under these settings."""
    if settings.objective == "softmax":
        return lambda positions, tables, _: softmax_gradients(settings.model, positions, tables)
    if settings.objective == "hierarchical-softmax":
        paths = paths_of(huffman_tree(vocabulary.counts), settings.device, torch.float32)
        return lambda positions, tables, _: hierarchical_gradients(
            settings.model, positions, tables, paths
        )
    probability = vocabulary.negative_probability(settings.negative_exponent)
    sampler = NegativeSampler(probability, settings.device)
    offset = _nce_offset(probability, settings) if settings.objective == "nce" else None
    if settings.shared_negatives:
        return _with_shared_negatives(settings, sampler, offset)
    return _with_independent_negatives(settings, sampler, offset)


def _with_shared_negatives(
    settings: Settings, sampler: NegativeSampler, offset: Tensor | None
) -> GradientsOf:
    of_model = skip_gram_gradients if settings.model == "skip-gram" else cbow_gradients
    shared = SHARED[settings.model]

    def gradients(positions: Positions, tables: Tables, generator: torch.Generator) -> Gradients:
        groups = positions.count // GROUP
        drawn = sampler.draw(groups * shared, generator).view(groups, shared)
        return of_model(positions, tables, drawn, settings.negatives, offset)

    return gradients


def _with_independent_negatives(
    settings: Settings, sampler: NegativeSampler, offset: Tensor | None
) -> GradientsOf:
    def gradients(positions: Positions, tables: Tables, generator: torch.Generator) -> Gradients:
        reached = positions.inner(positions.left) + positions.inner(positions.right)
        pairs = int(reached.sum() if settings.model == "skip-gram" else (reached > 0).sum())
        drawn = sampler.draw(pairs * settings.negatives, generator).view(-1, settings.negatives)
        return independent_gradients(settings.model, positions, tables, drawn, offset)

    return gradients


def _nce_offset(probability: np.ndarray, settings: Settings) -> Tensor:
    """log(negatives * P(w)): how often noise alone would have brought the word up."""
    offset = np.log(settings.negatives * probability)
    return torch.tensor(offset, dtype=torch.float32, device=settings.device)
