import pytest
import torch
from torch.nn.functional import cross_entropy

from core.embeddings.word2vec import full_softmax
from core.embeddings.word2vec.full_softmax import softmax_gradients
from tests.core.embeddings.word2vec.small import (
    WORDS,
    assert_same_gradients,
    examples_of,
    hidden_of,
    small_positions,
    small_tables,
    without_autograd,
)


@pytest.mark.parametrize("model", ["skip-gram", "cbow"])
@pytest.mark.parametrize("scores_at_a_time", [1, 5 * WORDS, 1 << 20])
def test_gradients_are_those_of_autograd(monkeypatch, model, scores_at_a_time):
    monkeypatch.setattr(full_softmax, "SCORES_AT_A_TIME", scores_at_a_time)
    positions, tables = small_positions(), small_tables()
    examples = list(examples_of(model, positions))
    hidden = torch.stack([hidden_of(tables, positions, places) for places, _ in examples])
    targets = positions.words[[place for _, place in examples]]
    loss = cross_entropy(hidden @ tables.output.T, targets, reduction="sum")
    found = softmax_gradients(model, positions, without_autograd(tables))
    assert_same_gradients(found, loss, len(examples), tables)
