import pytest
import torch

from core.embeddings.word2vec import independent
from core.embeddings.word2vec.independent import independent_gradients
from tests.core.embeddings.word2vec.small import (
    WORDS,
    assert_same_gradients,
    examples_of,
    logistic_loss,
    small_positions,
    small_tables,
    terms_of,
    without_autograd,
)

NEGATIVES = 3


@pytest.mark.parametrize("model", ["skip-gram", "cbow"])
@pytest.mark.parametrize("with_offset", [False, True])
@pytest.mark.parametrize("pairs_at_a_time", [7, 2048])
def test_gradients_are_those_of_autograd(monkeypatch, model, with_offset, pairs_at_a_time):
    monkeypatch.setattr(independent, "PAIRS_AT_A_TIME", pairs_at_a_time)
    positions, tables = small_positions(), small_tables()
    offset = torch.linspace(-2, 1, WORDS, dtype=torch.float64) if with_offset else None
    drawn = torch.randint(WORDS, (500, NEGATIVES), generator=torch.Generator().manual_seed(0))
    loss, count = logistic_loss(
        tables, positions, model, lambda number, *_: (drawn[number], 1), offset
    )
    found = independent_gradients(model, positions, without_autograd(tables), drawn, offset)
    assert_same_gradients(found, loss, count, tables)


def test_terms_count_what_a_row_takes_part_in():
    positions, tables = small_positions(), without_autograd(small_tables())
    drawn = torch.randint(WORDS, (500, NEGATIVES), generator=torch.Generator().manual_seed(0))
    found = independent_gradients("skip-gram", positions, tables, drawn)
    terms = torch.zeros(2, WORDS, dtype=torch.float64)
    for number, ((predictor,), place) in enumerate(examples_of("skip-gram", positions)):
        terms[0, positions.words[predictor]] += 1 + NEGATIVES
        for word in [positions.words[place], *drawn[number]]:
            terms[1, word] += 1
    torch.testing.assert_close(terms_of(found, "input", WORDS), terms[0])
    torch.testing.assert_close(terms_of(found, "output", WORDS), terms[1])
