import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from core.embeddings import Vocabulary
from core.embeddings.word2vec.negatives import NegativeSampler


@pytest.mark.parametrize("exponent", [0.75, 0.0, 1.0])
def test_draws_follow_the_formula(exponent):
    counts = np.sort(np.random.default_rng(0).zipf(1.3, 60))[::-1].clip(max=10_000)
    probability = Vocabulary(tuple(map(str, range(60))), counts).negative_probability(exponent)
    sampler = NegativeSampler(probability)
    drawn = sampler.draw(200_000, torch.Generator().manual_seed(3)).numpy()
    found = np.bincount(drawn, minlength=60)
    assert chisquare(found, probability * 200_000).pvalue > 0.01
    # The test can fail: it rejects a distribution whose exponent is a little off.
    weight = counts ** (exponent + 0.05)
    assert chisquare(found, weight / weight.sum() * 200_000).pvalue < 1e-6


def test_the_table_holds_the_distribution_exactly():
    probability = np.random.default_rng(1).dirichlet(np.full(1000, 0.1))
    sampler = NegativeSampler(probability)
    share = sampler.threshold.double() / 1000
    total = share.clone().index_add_(0, sampler.alias, 1 / 1000 - share)
    np.testing.assert_allclose(total, probability, atol=1e-9)


def test_a_word_of_probability_zero_is_never_drawn():
    sampler = NegativeSampler(np.array([0.5, 0.0, 0.5]))
    assert not (sampler.draw(10_000, torch.Generator().manual_seed(0)) == 1).any()
