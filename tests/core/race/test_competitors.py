"""Everybody reads the same shapes, has as many parameters, and starts as it should."""

from __future__ import annotations

import pytest
import torch

from core.race.competitors import (
    COMPETITORS,
    SEEN_BY_CONVOLUTION,
    VARIANTS,
    build,
    count_parameters,
    matched_size,
    starts_for,
)
from core.tasks.memory import Copying, Recall, make_task

EVERYBODY = tuple(dict.fromkeys((*COMPETITORS, *VARIANTS)))


@pytest.mark.parametrize("name", EVERYBODY)
def test_predictions_are_asked_at_the_last_steps(name: str) -> None:
    task = Copying(6)
    network = build(name, task, 5, seed=1)
    inputs, targets = task.sample(3, 0)
    assert network(inputs).shape == (task.answers, 3, task.outputs)
    assert network(inputs).shape[:2] == targets.shape


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("task_name", ["recall", "adding"])
def test_parameters_are_matched_as_well_as_the_sizes_allow(name: str, task_name: str) -> None:
    task = make_task(task_name, 20)
    wanted = count_parameters("lstm", task, 32)
    size = matched_size(name, task, wanted)
    miss = abs(count_parameters(name, task, size) - wanted)
    assert miss <= abs(count_parameters(name, task, size + 1) - wanted)
    assert size == 1 or miss <= abs(count_parameters(name, task, size - 1) - wanted)
    assert miss / wanted < 0.06
    built = build(name, task, size, seed=0)
    assert sum(p.numel() for p in built.parameters()) == count_parameters(name, task, size)


def test_the_seed_fixes_the_weights_and_leaves_torch_alone() -> None:
    task = Recall(5)
    torch.manual_seed(9)
    expected = torch.rand(2)
    torch.manual_seed(9)
    one, same, other = (build("lstm", task, 6, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(2), expected)
    pairs = zip(one.state_dict().values(), same.state_dict().values())
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(one.body.weight_hh_l0, other.body.weight_hh_l0)


def test_the_convolution_sees_fifteen_steps() -> None:
    task = Recall(40)
    network = build("convolution", task, 6, seed=0).double()
    inputs = task.sample(2, 0).inputs.double().requires_grad_()
    network(inputs).sum().backward()
    reached = inputs.grad.abs().sum((1, 2)).nonzero()[:, 0]
    assert task.steps - reached.min() <= SEEN_BY_CONVOLUTION
    assert (inputs.grad[: task.steps - SEEN_BY_CONVOLUTION] == 0).all()


def test_the_convolution_is_causal_and_aligned_with_the_answers() -> None:
    task = Copying(30)
    network = build("convolution", task, 6, seed=0).double()
    inputs = task.sample(2, 0).inputs.double().requires_grad_()
    network(inputs)[0].sum().backward()  # the first of three answers
    assert (inputs.grad[-2:] == 0).all()
    assert inputs.grad[-3].abs().sum() > 0


def test_an_unknown_competitor_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'transformer'.*elman.*mgu"):
        build("transformer", Recall(5), 4, seed=0)


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_competitor_begins_by_its_start(name: str) -> None:
    task = Recall(5)
    first, *others = (build(name, task, 6, seed=1, start=start) for start in starts_for(name))
    for other in others:
        assert not torch.equal(
            torch.cat([p.flatten() for p in first.body.parameters()]),
            torch.cat([p.flatten() for p in other.body.parameters()]),
        )


def test_without_a_state_there_is_one_start() -> None:
    assert starts_for("convolution") == starts_for("feed-forward") == ("torch",)
    with pytest.raises(ValueError, match="'chrono' does not fit 'convolution'"):
        build("convolution", Recall(5), 4, seed=0, start="chrono")
