"""The loop: it learns, it is seeded, and it stops and goes on without a trace."""

import math
from dataclasses import replace
from itertools import islice

import pytest
import torch

from core.networks import ModelSettings
from core.tasks import Namaskar, TextTask
from core.tasks.likelihood import cross_entropy
from core.training.carried import detached
from core.training.checkpoint import load_checkpoint, save_checkpoint
from core.training.evaluation import evaluate
from core.training.loop import new_model, train
from core.training.settings import TrainingSettings

TEXT = "the cat sat on the mat and the dog sat on the cat. " * 30
TASK = TextTask.of(TEXT, validation=0.2)
SETTINGS = TrainingSettings(steps=12, batch=4, unroll=9, every=5, validate=10, seed=7)


def model_for(cell="lstm", **options):
    options = {"hidden_size": 6} | options
    return new_model(ModelSettings(cell, len(TASK.vocabulary), **options), seed=7)


def weights(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def test_snapshots_come_every_so_often_and_at_the_end():
    snapshots = list(train(model_for(), TASK, SETTINGS))
    assert [s.step for s in snapshots] == [5, 10, 12]
    assert [s.finished for s in snapshots] == [False, False, True]
    assert [s.validation_loss is None for s in snapshots] == [True, False, False]
    assert snapshots[-1].seconds_left == 0
    assert all(s.rate > 0 and s.seconds_left >= 0 and s.gradient_norm > 0 for s in snapshots)
    assert snapshots[1].bits == pytest.approx(snapshots[1].loss / math.log(2))


def test_the_validation_loss_is_that_of_the_model_at_that_moment():
    model = model_for()
    (*_, last) = train(model, TASK, SETTINGS)
    assert last.validation_loss == evaluate(model, TASK.validation)
    assert last.validation_bits == pytest.approx(last.validation_loss / math.log(2))


@pytest.mark.parametrize("cell", ["elman", "jordan", "lstm", "gru"])
def test_one_update_after_another_as_written_out_by_hand(cell):
    """Plain AdamW on the carried state, written without the loop's own helpers."""
    model, reference = model_for(cell), model_for(cell)
    settings = replace(SETTINGS, clip=0.05, weight_decay=0.1, final_share=1.0, steps=4, every=4)
    (snapshot,) = train(model, TASK, settings)
    optimiser = torch.optim.AdamW(reference.parameters(), lr=3e-3, weight_decay=0.1)
    state, losses = None, []
    ids = TASK.train
    per_stream = (len(ids) - 1) // 4
    for step in range(4):
        steps = torch.arange(9)[:, None] + 9 * step + per_stream * torch.arange(4)
        logits, state = reference(ids[steps], state)
        state = tuple(s.detach() for s in state) if cell == "lstm" else state.detach()
        log_p = logits.log_softmax(-1).gather(-1, ids[steps + 1].unsqueeze(-1))
        optimiser.zero_grad()
        (-log_p.mean()).backward()
        norm = math.sqrt(sum(float((p.grad**2).sum()) for p in reference.parameters()))
        for p in reference.parameters():
            p.grad *= min(1.0, 0.05 / norm)
        optimiser.step()
        losses.append(-log_p.mean().item())
    assert snapshot.loss == pytest.approx(sum(losses) / 4, rel=1e-5)
    assert snapshot.gradient_norm == pytest.approx(norm, rel=1e-4)
    assert snapshot.clipped == 1.0
    for name, value in reference.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], value, rtol=1e-4, atol=1e-6)


def test_the_carried_state_matters_and_the_learning_rate_is_the_planned_one():
    (*_, last) = train(model_for(), TASK, replace(SETTINGS, steps=8, every=4))
    assert last.learning_rate == pytest.approx(replace(SETTINGS, steps=8).rate_at(7))
    model = model_for()
    batch = TASK.batch(1, 4, 9)
    _, state = model(TASK.batch(0, 4, 9).inputs)
    with_state = cross_entropy(model(batch.inputs, detached(state))[0], batch.targets)
    assert with_state != cross_entropy(model(batch.inputs)[0], batch.targets)


def test_without_clipping_nothing_is_clipped():
    assert all(s.clipped == 0 for s in train(model_for(), TASK, replace(SETTINGS, clip=None)))


def test_the_same_seed_gives_the_same_weights_whatever_else_draws():
    first, second = (model_for(num_layers=2, dropout=0.5) for _ in range(2))
    torch.manual_seed(1)
    list(train(first, TASK, SETTINGS))
    torch.manual_seed(2)
    for _ in train(second, TASK, SETTINGS):
        torch.rand(5)  # somebody else draws between two snapshots
    assert same(weights(first), weights(second))
    other = model_for(num_layers=2, dropout=0.5)
    list(train(other, TASK, replace(SETTINGS, seed=8)))  # the same start, another dropout
    assert not same(weights(first), weights(other))


def test_training_leaves_the_callers_random_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    list(train(model_for(num_layers=2, dropout=0.5), TASK, SETTINGS))
    assert torch.equal(torch.rand(2), expected)


def test_how_often_one_looks_changes_nothing():
    often, rarely = model_for(), model_for()
    list(train(often, TASK, replace(SETTINGS, every=1, validate=1)))
    list(train(rarely, TASK, replace(SETTINGS, every=100, validate=100)))
    assert same(weights(often), weights(rarely))


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("elman", {}),
        ("jordan", {}),
        ("lstm", {"embedding_size": 3}),
        ("gru", {}),
        ("lstm", {"num_layers": 2, "dropout": 0.4}),
    ],
)
@pytest.mark.parametrize("stop_at", [1, 2])
def test_a_run_that_was_stopped_and_resumed_is_the_uninterrupted_one(
    tmp_path, cell, options, stop_at
):
    whole = model_for(cell, **options)
    expected = list(train(whole, TASK, SETTINGS))
    stopped = model_for(cell, **options)
    run = train(stopped, TASK, SETTINGS)
    before = list(islice(run, stop_at))
    path = save_checkpoint(tmp_path / "c.safetensors", run.checkpoint())

    resumed = new_model(stopped.settings, seed=99)
    after = list(train(resumed, TASK, SETTINGS, resume=load_checkpoint(path)))
    assert same(weights(whole), weights(resumed))
    assert not same(weights(whole), weights(stopped))
    assert [s.loss for s in (*before, *after)] == [s.loss for s in expected]
    assert [s.validation_loss for s in (*before, *after)] == [s.validation_loss for s in expected]


def test_stop_ends_after_the_update_in_hand_and_can_be_resumed():
    whole = model_for()
    list(train(whole, TASK, SETTINGS))
    model = model_for()

    class Interrupted(TextTask):
        def batch(self, step, size, length):
            if step == 6:
                run.stop()
            return super().batch(step, size, length)

    task = Interrupted(TASK.name, TASK.vocabulary, TASK.train, TASK.validation)
    run = train(model, task, SETTINGS)
    assert [s.step for s in run] == [5, 7]
    saved = run.checkpoint()
    assert saved.step == 7
    list(train(model, TASK, SETTINGS, resume=saved))
    assert same(weights(whole), weights(model))


def test_a_checkpoint_is_a_copy():
    model = model_for()
    run = train(model, TASK, SETTINGS)
    next(run)
    saved = run.checkpoint()
    kept = {name: tensor.clone() for name, tensor in saved.weights.items()}
    list(run)
    assert same(kept, saved.weights)


def test_a_loss_that_is_not_a_number_says_what_to_do():
    model = model_for()
    torch.nn.init.constant_(model.read_out.bias, float("nan"))
    with pytest.raises(FloatingPointError, match=r"update 1 and 5 .*smaller learning rate \(now"):
        next(train(model, TASK, SETTINGS))


def test_a_model_for_another_vocabulary_is_refused():
    with pytest.raises(ValueError, match="vocabulary_size=6"):
        train(model_for(), Namaskar(), SETTINGS)


def test_a_model_that_sees_the_future_is_refused():
    with pytest.raises(ValueError, match="both directions"):
        train(model_for(bidirectional=True), TASK, SETTINGS)


def test_a_fresh_model_comes_from_its_seed_alone():
    settings = ModelSettings("gru", 5, 4)
    first = weights(new_model(settings, 1))
    torch.rand(3)
    assert same(first, weights(new_model(settings, 1)))
    assert not same(first, weights(new_model(settings, 2)))


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.slow
def test_the_word_is_learned(cell):
    task = Namaskar()
    model = new_model(ModelSettings(cell, 6, 8), seed=1)
    list(train(model, task, TrainingSettings(steps=250, batch=1, learning_rate=3e-2, every=250)))
    assert model(task.batch().inputs)[0].softmax(-1)[-1, 0, 5] > 0.95
