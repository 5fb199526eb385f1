"""One step against autograd; the cost's rows against what each objective needs."""

import numpy as np
import pytest
import torch

from core.embeddings.cost import OBJECTIVES, measure_cost, rows_touched
from core.embeddings.lens import draw_negatives, one_step


@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_gradient_descent_on_the_loss(seed):
    rng = np.random.default_rng(seed)
    hidden, outputs = rng.normal(size=7), rng.normal(size=(4, 7))
    h = torch.tensor(hidden, requires_grad=True)
    u = torch.tensor(outputs, requires_grad=True)
    scores = u @ h
    loss = -torch.nn.functional.logsigmoid(scores[0])
    loss = loss - torch.nn.functional.logsigmoid(-scores[1:]).sum()
    loss.backward()
    step = one_step(hidden, outputs, 0.1)
    assert step.loss == pytest.approx(float(loss), abs=1e-12)
    np.testing.assert_allclose(step.hidden_after, hidden - 0.1 * h.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(step.outputs_after, outputs - 0.1 * u.grad.numpy(), atol=1e-12)
    assert one_step(hidden, outputs, 1e-3).loss_after < step.loss


def test_a_step_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="expected"):
        one_step(np.zeros(3), np.zeros((2, 4)), 0.1)


def test_negatives_follow_the_formula_and_leave_the_true_word_out():
    counts = np.array([1000, 100, 10, 500])
    drawn = draw_negatives(counts, 40_000, true=0, seed=1)
    assert (drawn != 0).all()
    expected = counts.astype(float) ** 0.75
    expected[0] = 0
    expected /= expected.sum()
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 40_000, expected, atol=0.01)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_cost_counts_the_rows(objective):
    cost = measure_cost(objective, 200, size=8, batch=2, repeats=1)
    assert cost.multiply_adds == 3 * rows_touched(objective, 200, 5) * 8
    assert cost.seconds > 0


def test_an_unknown_objective_is_named():
    with pytest.raises(ValueError, match="'magic'"):
        measure_cost("magic", 10)
