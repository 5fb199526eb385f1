import math

import numpy as np
import pytest
import torch

from core.embeddings.word2vec.negatives import NegativeSampler
from core.embeddings.word2vec.shared import GROUP, cbow_gradients, skip_gram_gradients
from tests.core.embeddings.word2vec.small import (
    WINDOW,
    WORDS,
    assert_same_gradients,
    examples_of,
    logistic_loss,
    small_positions,
    small_tables,
    terms_of,
    without_autograd,
)

GRADIENTS = {"skip-gram": skip_gram_gradients, "cbow": cbow_gradients}
NEGATIVES, SHARED = 5, 4


def draw(positions, seed=2):
    shape = (positions.count // GROUP, SHARED)
    return torch.randint(WORDS, shape, generator=torch.Generator().manual_seed(seed))


def group_negatives(drawn, model):
    def negatives_of(_, places, place):
        # A skip-gram pair belongs to the group of the word that predicts.
        own = places[0] if model == "skip-gram" else place
        return drawn[(own - WINDOW) // GROUP], NEGATIVES / SHARED

    return negatives_of


@pytest.mark.parametrize("model", GRADIENTS)
@pytest.mark.parametrize("with_offset", [False, True])
def test_gradients_are_those_of_autograd(model, with_offset):
    positions, tables = small_positions(), small_tables()
    drawn = draw(positions)
    offset = torch.linspace(-2, 1, WORDS, dtype=torch.float64) if with_offset else None
    loss, count = logistic_loss(tables, positions, model, group_negatives(drawn, model), offset)
    plain = without_autograd(tables)
    found = GRADIENTS[model](positions, plain, drawn, NEGATIVES, offset)
    assert_same_gradients(found, loss, count, tables)
    for before, after in zip(tables, plain):
        assert torch.equal(before, after)


@pytest.mark.parametrize("model", GRADIENTS)
def test_parts_of_a_stretch_add_up_to_the_whole(model):
    positions, tables = small_positions(lengths=(100, 60)), without_autograd(small_tables())
    drawn = draw(positions)
    whole = GRADIENTS[model](positions, tables, drawn, NEGATIVES)
    parts = [
        GRADIENTS[model](part, tables, one[None], NEGATIVES)
        for part, one in zip(positions.split(GROUP), drawn)
    ]
    assert sum(float(p.loss) for p in parts) == pytest.approx(float(whole.loss))
    assert sum(float(p.examples) for p in parts) == float(whole.examples)


def test_terms_count_what_a_row_takes_part_in():
    positions, tables = small_positions(), without_autograd(small_tables())
    drawn = draw(positions)
    found = skip_gram_gradients(positions, tables, drawn, NEGATIVES)
    pairs = list(examples_of("skip-gram", positions))
    terms = torch.zeros(2, WORDS, dtype=torch.float64)
    for (predictor,), place in pairs:
        terms[0, positions.words[predictor]] += 1 + NEGATIVES
        terms[1, positions.words[place]] += 1
        for word in drawn[(predictor - WINDOW) // GROUP]:
            terms[1, word] += NEGATIVES / SHARED
    torch.testing.assert_close(terms_of(found, "input", WORDS), terms[0])
    torch.testing.assert_close(terms_of(found, "output", WORDS), terms[1])


@pytest.mark.parametrize("model", GRADIENTS)
def test_sharing_keeps_the_expectation_of_independent_negatives(model):
    """The mean loss over many draws is the exact expectation under P, within its error."""
    positions, tables = small_positions(), without_autograd(small_tables())
    probability = np.arange(1, WORDS + 1) ** 0.75
    probability /= probability.sum()
    weight = torch.tensor(NEGATIVES * probability)

    def in_expectation(*_):
        return torch.arange(WORDS), weight

    loss, _ = logistic_loss(tables, positions, model, in_expectation)
    expected = float(loss)
    sampler, generator = NegativeSampler(probability), torch.Generator().manual_seed(0)
    shape = (positions.count // GROUP, SHARED)
    losses = []
    for _ in range(1500):
        drawn = sampler.draw(math.prod(shape), generator).view(shape)
        losses.append(float(GRADIENTS[model](positions, tables, drawn, NEGATIVES).loss))
    error = np.std(losses) / np.sqrt(len(losses))
    assert abs(np.mean(losses) - expected) < 4 * error
    assert error < 0.02 * expected


def test_scores_that_saturate_give_a_finite_loss():
    positions, tables = small_positions(), without_autograd(small_tables())
    tables.input.mul_(1e4)
    found = skip_gram_gradients(positions, tables, draw(positions), NEGATIVES)
    assert math.isfinite(float(found.loss))
    assert all(update.gradient.isfinite().all() for update in found.updates)
