"""What noise-contrastive estimation knows of its noise."""

from __future__ import annotations

import numpy as np

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.settings import Settings


def log_odds_of_noise(vocabulary: Vocabulary, settings: Settings) -> np.ndarray:
    """What is taken off every score, by output word, float64 of shape (V,): 0 unless for NCE.

    log(negatives * P(w) / f(w)) are the odds of noise, with f(w) the share of the corpus. NCE's
    model is p(w | h) = f(w) exp(h.u_w). The factor f(w) is a bias known beforehand: without it
    the vectors are spent on learning how frequent words are.
    """
    if settings.objective != "nce":
        return np.zeros(len(vocabulary))
    probability = vocabulary.negative_probability(settings.negative_exponent)
    share = vocabulary.counts / vocabulary.counts.sum()
    return np.log(settings.negatives * probability / share)
