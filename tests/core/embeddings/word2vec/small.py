"""A tiny training state in float64, and the losses of the objectives written out pair by pair."""

import numpy as np
import torch
from torch.nn.functional import logsigmoid

from core.embeddings.word2vec.positions import Positions, draw_positions
from core.embeddings.word2vec.updates import Gradients, Tables

WORDS, SIZE, WINDOW = 11, 6, 3


def small_positions(seed=0, window=WINDOW, lengths=(9, 1, 0, 2, 31, 14)) -> Positions:
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randint(WORDS, (sum(lengths),), generator=generator, dtype=torch.int32)
    return draw_positions(
        tokens,
        torch.tensor(lengths),
        torch.full((WORDS,), 0.9),
        window=window,
        multiple=32,
        generator=generator,
    )


def small_tables(seed=1, output_rows=WORDS) -> Tables:
    generator = torch.Generator().manual_seed(seed)

    def rows(count):
        table = torch.randn(count, SIZE, generator=generator, dtype=torch.float64)
        return table.requires_grad_()

    return Tables(rows(WORDS), rows(output_rows))


def without_autograd(tables: Tables) -> Tables:
    return Tables(*(table.detach().clone() for table in tables))


def examples_of(model, positions):
    """(places of the words that predict, place of the word predicted), from the definition."""
    window = positions.window
    for place in range(window, window + positions.count):
        left, right = int(positions.left[place]), int(positions.right[place])
        around = [p for p in range(place - left, place + right + 1) if p != place]
        if model == "skip-gram":
            yield from (([p], place) for p in around)
        elif around:
            yield around, place


def hidden_of(tables, positions, places):
    return tables.input[positions.words[places]].mean(0)


def logistic_loss(tables, positions, model, negatives_of, offset=None):
    """Sum over examples; ``negatives_of(number, places, place)`` gives (words, weight)."""
    offset = torch.zeros(WORDS, dtype=torch.float64) if offset is None else offset
    loss, count = torch.zeros((), dtype=torch.float64), 0
    for number, (places, place) in enumerate(examples_of(model, positions)):
        h, word = hidden_of(tables, positions, places), positions.words[place]
        loss = loss - logsigmoid(h @ tables.output[word] - offset[word])
        words, weight = negatives_of(number, places, place)
        loss = loss - (weight * logsigmoid(offset[words] - tables.output[words] @ h)).sum()
        count += 1
    return loss, count


def assert_same_gradients(found: Gradients, loss, count, tables: Tables, table_of=None):
    """The hand-written gradients against autograd's."""
    expected = torch.autograd.grad(loss, tables)
    assert float(found.examples) == count
    np.testing.assert_allclose(float(found.loss), loss.item(), rtol=1e-9)
    for name, table, gradient in zip(tables._fields, tables, expected):
        total = torch.zeros_like(table)
        for update in found.updates:
            if update.table == name:
                total.index_add_(0, update.rows, update.gradient)
        assert gradient.abs().max() > 0.01
        np.testing.assert_allclose(total.detach(), gradient, atol=1e-10)


def terms_of(found: Gradients, table: str, rows: int) -> torch.Tensor:
    total = torch.zeros(rows, dtype=torch.float64)
    for update in found.updates:
        if update.table == table:
            total.index_add_(0, update.rows, update.terms)
    return total
