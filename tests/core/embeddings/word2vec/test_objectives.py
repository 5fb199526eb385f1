import dataclasses
import inspect
import math

import numpy as np
import pytest
import torch

from core.embeddings import encode_corpus, train_word2vec
from core.embeddings.word2vec.objectives import make_objective
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.updates import Tables
from tests.core.embeddings.word2vec.small import small_positions

PARAMETERS = inspect.signature(train_word2vec).parameters
SETTINGS = Settings(**{f.name: PARAMETERS[f.name].default for f in dataclasses.fields(Settings)})
WORDS = "abcdefghijk"
CORPUS = encode_corpus([[w] * (3 * (11 - n)) for n, w in enumerate(WORDS)], min_count=1)


def zero_loss(**settings):
    """Loss of an example while every score is zero, averaged over many draws."""
    objective = make_objective(dataclasses.replace(SETTINGS, **settings), CORPUS.vocabulary)
    tables = Tables(torch.randn(11, 5), torch.zeros(11, 5))
    draw = objective.stream(torch.Generator().manual_seed(0))
    positions = small_positions()
    losses = [objective.gradients(positions, tables, draw) for _ in range(400)]
    words = positions.inner(positions.words)
    seen = [float(x.loss / x.examples) for x in losses]
    return np.mean(seen), words, positions


@pytest.mark.parametrize("model", ["skip-gram", "cbow"])
def test_negative_sampling_asks_one_and_all_negatives(model):
    found, *_ = zero_loss(model=model, negatives=7)
    assert found == pytest.approx(8 * math.log(2), rel=1e-5)


def test_nce_knows_how_often_words_occur_and_how_often_they_are_drawn():
    """With h.u = 0 the model says p(w) = f(w), so its odds against noise are f / (k P)."""
    found, words, positions = zero_loss(model="cbow", objective="nce", negatives=5)
    counts = np.array([3 * (11 - n) for n in range(11)])
    share = counts / counts.sum()
    noise = 5 * counts**0.75 / (counts**0.75).sum()
    true_word, drawn = share / (share + noise), noise / (share + noise)
    predicted = words[positions.inner(positions.reached) > 0]
    expected = -np.log(true_word[predicted]).mean() - (noise * np.log(drawn)).sum()
    assert found == pytest.approx(expected, rel=0.01)


def test_the_softmax_objectives_draw_nothing():
    def refuse(_):
        raise AssertionError

    for name, rows in (("softmax", 11), ("hierarchical-softmax", 10)):
        objective = make_objective(dataclasses.replace(SETTINGS, objective=name), CORPUS.vocabulary)
        tables = Tables(torch.randn(11, 5), torch.zeros(rows, 5))
        found = objective.gradients(small_positions(), tables, refuse)
        assert float(found.loss) > 0
