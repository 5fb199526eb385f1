"""The loss of a prediction and the score of a model, against plain loops."""

import math

import pytest
import torch

from core.networks import ModelSettings, SequenceModel
from core.tasks import IGNORED, Namaskar, TextTask
from core.tasks.likelihood import cross_entropy
from core.training.carried import detached
from core.training.evaluation import evaluate, score


def test_cross_entropy_is_the_mean_over_what_is_asked():
    torch.manual_seed(2)
    logits = torch.randn(4, 3, 5, dtype=torch.float64)
    targets = torch.randint(0, 5, (4, 3))
    targets[1, 2] = targets[3, 0] = IGNORED
    p = logits.softmax(-1)
    each = [-p[t, b, targets[t, b]].log() for t in range(4) for b in range(3)
            if targets[t, b] != IGNORED]  # fmt: skip
    assert cross_entropy(logits, targets) == pytest.approx(sum(each) / 10)


def test_without_a_target_the_loss_is_zero_and_teaches_nothing():
    logits = torch.randn(2, 1, 3, requires_grad=True)
    loss = cross_entropy(logits, torch.full((2, 1), IGNORED))
    loss.backward()
    assert loss == 0
    assert (logits.grad == 0).all()


@pytest.mark.parametrize("cell", ["lstm", "gru", "jordan"])
def test_evaluate_reads_on_from_batch_to_batch(cell):
    torch.manual_seed(3)
    model = SequenceModel(ModelSettings(cell, 4, 6)).double()
    ids = torch.randint(0, 4, (400,))  # one stream, four batches
    logits, _ = model(ids[:-1, None])
    expected = -logits.log_softmax(-1)[torch.arange(399), 0, ids[1:]].mean()
    assert evaluate(model, ids) == pytest.approx(expected.item(), rel=1e-12)


def test_evaluate_measures_without_dropout_and_keeps_the_mode():
    torch.manual_seed(4)
    model = SequenceModel(ModelSettings("lstm", 4, 6, num_layers=2, dropout=0.5)).train()
    ids = torch.randint(0, 4, (50,))
    assert evaluate(model, ids) == evaluate(model, ids)
    assert model.training
    assert evaluate(model.eval(), ids) == evaluate(model, ids)
    assert not model.training


def test_nothing_held_out_gives_no_loss():
    model = SequenceModel(ModelSettings("lstm", 6, 3))
    assert evaluate(model, Namaskar().validation) is None


def test_the_score_says_on_what_it_was_measured():
    task = TextTask.of("abcacb" * 200, validation=0.2)
    model = SequenceModel(ModelSettings("lstm", 3, 4))
    found = score(model, task)
    assert found.scored_on == "held-out text"
    assert found.bits_per_character == pytest.approx(evaluate(model, task.validation) / math.log(2))
    word = score(SequenceModel(ModelSettings("lstm", 6, 4)), Namaskar())
    assert word.scored_on == "training text"
    assert word.bigram_bits == pytest.approx(3 / 7 * math.log2(3))


def test_a_detached_state_has_no_past():
    h = torch.ones(1, requires_grad=True) * 2
    assert not detached(h).requires_grad
    assert [part.requires_grad for part in detached((h, h))] == [False, False]
    assert detached(None) is None
