import numpy as np
import torch

from core.embeddings.word2vec.updates import LARGEST_STEP, Descent, Gradients, RowUpdate, Tables


def step(rows, gradient, terms, learning_rate, table="input"):
    tables = Tables(torch.ones(4, 2, dtype=torch.float64), torch.ones(3, 2, dtype=torch.float64))
    update = RowUpdate(table, torch.tensor(rows), gradient.clone(), torch.tensor(terms).double())
    descent = Descent(tables)
    descent.apply(Gradients(torch.tensor(0.0), torch.tensor(1.0), (update,)), learning_rate)
    return tables, descent


def test_few_terms_are_plain_gradient_descent():
    gradient = torch.randn(3, 2, dtype=torch.float64)
    tables, _ = step([1, 3, 1], gradient, [1, 2, 3], 0.1)
    expected = np.ones((4, 2))
    expected[1] -= 0.1 * (gradient[0] + gradient[2]).numpy()
    expected[3] -= 0.1 * gradient[1].numpy()
    np.testing.assert_allclose(tables.input, expected)
    np.testing.assert_array_equal(tables.output, 1)


def test_rows_with_many_terms_are_held_back_and_others_are_not():
    gradient = torch.randn(3, 2, dtype=torch.float64)
    tables, descent = step([0, 0, 2], gradient, [300, 100, 2], 0.1, table="output")
    summed = 0.1 * gradient[:2].sum(0) / (0.1 * 400 / LARGEST_STEP)
    torch.testing.assert_close(1 - tables.output[0], summed)
    torch.testing.assert_close(1 - tables.output[2], 0.1 * gradient[2])
    assert descent._terms.output.sum() == 0


def test_a_frequent_word_converges_where_the_plain_sum_diverges():
    """One row, 10,000 logistic terms a batch that share h: minimise -log s(h.u) - log s(-h.u)."""
    h = torch.tensor([[1.5, -1.0]], dtype=torch.float64)

    def after(terms):
        tables = Tables(torch.zeros(1, 2).double(), torch.tensor([[3.0, 1.0]]).double())
        descent = Descent(tables)
        for _ in range(50):
            sigmoid = torch.sigmoid(tables.output @ h.T)
            gradient = 5000 * (2 * sigmoid - 1) * h
            update = RowUpdate(
                "output", torch.tensor([0]), gradient, torch.tensor([terms]).double()
            )
            descent.apply(Gradients(torch.tensor(0.0), torch.tensor(1.0), (update,)), 0.05)
        return float((tables.output @ h.T).abs())

    assert after(10_000.0) < 1e-3
    assert after(0.0) > 10
