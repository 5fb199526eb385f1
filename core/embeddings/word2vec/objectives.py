"""From the name of an objective to the function that gives a batch's loss and gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.full_softmax import softmax_gradients
from core.embeddings.word2vec.hierarchical import hierarchical_gradients, paths_of
from core.embeddings.word2vec.huffman import huffman_tree
from core.embeddings.word2vec.independent import independent_gradients
from core.embeddings.word2vec.negatives import NegativeSampler, NegativeStream
from core.embeddings.word2vec.noise import log_odds_of_noise
from core.embeddings.word2vec.positions import Positions
from core.embeddings.word2vec.settings import Settings
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
    log_odds = log_odds_of_noise(vocabulary, settings)
    offset = torch.tensor(log_odds, dtype=torch.float32, device=settings.device)
    return Objective(_independent(settings, offset), sampler)


def _full_softmax(settings: Settings) -> GradientsOf:
    return lambda positions, tables, _: softmax_gradients(settings.model, positions, tables)


def _hierarchical(settings: Settings, vocabulary: Vocabulary) -> GradientsOf:
    paths = paths_of(huffman_tree(vocabulary.counts), settings.device, torch.float32)
    return lambda positions, tables, _: hierarchical_gradients(
        settings.model, positions, tables, paths
    )


def _independent(settings: Settings, offset: Tensor) -> GradientsOf:
    def gradients(positions: Positions, tables: Tables, draw: Draw) -> Gradients:
        reached = positions.inner(positions.reached)
        pairs = int(reached.sum() if settings.model == "skip-gram" else (reached > 0).sum())
        drawn = draw(pairs * settings.negatives).view(-1, settings.negatives)
        return independent_gradients(settings.model, positions, tables, drawn, offset)

    return gradients
