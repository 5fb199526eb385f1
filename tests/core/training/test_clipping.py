"""Clipping bounds every update, saves a training that explodes, and does not cure vanishing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch

from core.training.clipping import (
    CLIPPINGS,
    ExplodingTask,
    clip,
    start_gradient,
    total_norm,
    train,
)

SHORT = ExplodingTask(steps=12, units=16, batch=8, updates=40)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """For networks of this size several threads only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def gradients(scale: float = 1.0) -> list[torch.Tensor]:
    torch.manual_seed(0)
    return [scale * torch.randn(shape, dtype=torch.float64) for shape in ((5, 4), (7,), (1, 3))]


@pytest.mark.parametrize("threshold", [0.01, 0.7, 3.0])
def test_by_norm_is_what_torch_does(threshold: float) -> None:
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients()]
    for parameter, gradient in zip(parameters, gradients()):
        parameter.grad = gradient.clone()
    torch.nn.utils.clip_grad_norm_(parameters, threshold)
    for ours, parameter in zip(clip(gradients(), "norm", threshold), parameters):
        torch.testing.assert_close(ours, parameter.grad, rtol=1e-5, atol=1e-9)


def test_by_norm_keeps_the_direction_and_leaves_short_gradients_alone() -> None:
    whole = torch.cat([one.flatten() for one in gradients()])
    clipped = torch.cat([one.flatten() for one in clip(gradients(), "norm", 0.5)])
    assert total_norm([clipped]) == pytest.approx(0.5)
    torch.testing.assert_close(clipped / 0.5, whole / whole.norm())
    longer = clip(gradients(), "norm", 2 * total_norm(gradients()))
    assert all(torch.equal(one, other) for one, other in zip(longer, gradients()))


def test_by_value_cuts_each_number_and_turns_the_direction() -> None:
    whole = torch.cat([one.flatten() for one in gradients()])
    clipped = torch.cat([one.flatten() for one in clip(gradients(), "value", 0.5)])
    assert clipped.abs().max() == 0.5
    kept = whole.abs() <= 0.5
    assert 0 < kept.sum() < len(whole)
    assert torch.equal(clipped[kept], whole[kept])
    cosine = torch.nn.functional.cosine_similarity(clipped, whole, dim=0)
    assert 0.5 < cosine < 0.99


@pytest.mark.parametrize(("clipping", "threshold"), [("cut", 1.0), ("norm", 0.0), ("value", -1.0)])
def test_what_cannot_be_is_refused(clipping: str, threshold: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        clip(gradients(), clipping, threshold)  # type: ignore[arg-type]


def test_sizes_that_are_not_positive_are_refused() -> None:
    with pytest.raises(ValueError, match="steps is 0"):
        ExplodingTask(steps=0)


@pytest.mark.parametrize("threshold", [0.05, 1.0])
def test_clipping_bounds_every_update(threshold: float) -> None:
    by_norm = list(train(SHORT, "norm", threshold))
    assert len(by_norm) == SHORT.updates
    assert any(update.before > threshold for update in by_norm)
    assert all(update.after <= threshold * (1 + 1e-12) for update in by_norm)
    assert all(update.after <= update.before * (1 + 1e-12) for update in by_norm)
    numbers = len(start_gradient(SHORT).numbers)
    by_value = list(train(SHORT, "value", threshold))
    assert all(update.after <= threshold * math.sqrt(numbers) for update in by_value)


def test_the_update_is_as_long_as_it_says() -> None:
    """Two parameters after one update differ by the learning rate times the clipped gradient."""
    found = start_gradient(SHORT)
    (first, *_) = train(SHORT, "norm", 0.1)
    assert first.before == pytest.approx(found.norm, rel=1e-12)
    assert first.after == pytest.approx(0.1, rel=1e-12)


@pytest.mark.parametrize("clipping", CLIPPINGS)
def test_the_same_settings_give_the_same_training(clipping: str) -> None:
    one, other = (list(train(SHORT, clipping, 0.3)) for _ in range(2))
    assert one == other


def test_all_trainings_start_alike() -> None:
    starts = [next(iter(train(SHORT, clipping, 0.3))) for clipping in CLIPPINGS]
    assert len({(start.loss, start.before) for start in starts}) == 1
    assert len({start.after for start in starts}) == 3


def test_the_network_starts_with_the_radius_that_was_asked_for() -> None:
    recurrent, _ = ExplodingTask(radius=0.7).network()
    eigenvalues = torch.linalg.eigvals(recurrent.cells[0][0].weight_hh)
    assert eigenvalues.abs().max().item() == pytest.approx(0.7)


def test_the_parts_of_the_steps_add_up_to_what_autograd_gives() -> None:
    found = start_gradient(SHORT)
    recurrent, read_out = SHORT.network()
    numbers, answers = SHORT.sequences(torch.Generator().manual_seed(SHORT.seed + 1))
    loss = (read_out(recurrent(numbers)[0][-1]) - answers).square().mean()
    weight = recurrent.cells[0][0].weight_hh
    whole = torch.autograd.grad(loss, [*recurrent.parameters(), *read_out.parameters()])
    (tied,) = (one for one, parameter in zip(whole, recurrent.parameters()) if parameter is weight)
    torch.testing.assert_close(found.by_step.sum(0), tied, rtol=1e-10, atol=1e-12)
    assert found.norm == pytest.approx(total_norm(whole), rel=1e-12)
    assert found.by_step[0].abs().max() == 0  # the state before the first step is zeros


def test_without_clipping_the_task_explodes_and_with_it_is_learned() -> None:
    task = ExplodingTask()
    without = list(train(task, "none", 1.0))
    assert len(without) < task.updates
    assert without[-1] == (math.inf, math.inf, math.inf)
    assert max(update.before for update in without[:-1]) > 1000
    for clipping, threshold in (("norm", 1.0), ("value", 0.1)):
        done = list(train(task, clipping, threshold))  # type: ignore[arg-type]
        assert len(done) == task.updates
        assert sum(update.loss for update in done[-20:]) / 20 < task.baseline / 4


def test_clipping_does_not_cure_vanishing() -> None:
    task = ExplodingTask(radius=0.6)
    sizes = start_gradient(task).by_step.norm(dim=(1, 2))
    assert sizes[1] < 1e-4 * sizes[-1]
    for clipping in ("none", "norm"):
        done = list(train(task, clipping, 1.0))  # type: ignore[arg-type]
        loss = sum(update.loss for update in done[-50:]) / 50
        assert loss == pytest.approx(task.baseline, rel=0.1)
