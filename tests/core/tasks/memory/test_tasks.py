"""The labels, from rules that read the sequences and know nothing of how they were drawn."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.tasks.memory import MEMORY_TASKS, Adding, Copying, Parity, Recall, make_task
from core.tasks.memory.brackets import Brackets, still_open

DELAYS = (5, 10, 21, 100)
ALL = [(name, delay) for name in MEMORY_TASKS for delay in DELAYS]


def read(row: Tensor) -> str:
    """Steps (time, features) of an Adding-free task as letters; marks are not read."""
    return "".join(chr(ord("a") + place) for place in row.argmax(-1).tolist())


@pytest.mark.parametrize(("name", "delay"), ALL)
def test_shapes_and_steps(name: str, delay: int) -> None:
    task = make_task(name, delay)
    inputs, targets = task.sample(7, seed=3)
    assert inputs.shape == (task.steps, 7, task.features)
    assert targets.shape == (task.answers, 7)
    assert inputs.dtype == torch.float32
    if not task.regression:
        assert 0 <= targets.min() <= targets.max() < task.outputs
        assert set(inputs.unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize(("name", "delay"), ALL)
def test_a_seed_fixes_a_sample_and_leaves_torch_alone(name: str, delay: int) -> None:
    task = make_task(name, delay)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one, same, other = task.sample(9, 1), task.sample(9, 1), task.sample(9, 2)
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(one.inputs, same.inputs)
    assert torch.equal(one.targets, same.targets)
    assert not torch.equal(one.inputs, other.inputs)


@pytest.mark.parametrize("delay", DELAYS)
def test_copying_says_the_first_three_again(delay: int) -> None:
    task = Copying(delay)
    inputs, targets = task.sample(50, 0)
    for column in range(50):
        text = read(inputs[:, column])
        blanks = "e" * (delay - 3)
        assert text[3:] == blanks + "f" + "ee"
        assert [ord(letter) - ord("a") for letter in text[:3]] == targets[:, column].tolist()
    # symbol i is asked for ``delay`` steps after it was read
    assert task.steps - task.answers == delay


@pytest.mark.parametrize("delay", DELAYS)
def test_adding_marks_one_number_in_each_half(delay: int) -> None:
    inputs, targets = Adding(delay).sample(200, 0)
    for column in range(200):
        numbers, marks = inputs[:, column].T.tolist()
        places = [place for place, mark in enumerate(marks) if mark == 1]
        assert sum(mark != 0 for mark in marks) == len(places) == 2
        assert places[0] < delay // 2 <= places[1]
        assert targets[0, column].item() == pytest.approx(sum(numbers[place] for place in places))


def test_the_baseline_of_adding_is_the_variance_of_the_sum() -> None:
    task = Adding(50)
    _, targets = task.sample(20_000, 0)
    assert (targets - 1).square().mean().item() == pytest.approx(task.guess, rel=0.03)


@pytest.mark.parametrize("delay", DELAYS)
def test_parity_counts_the_ones(delay: int) -> None:
    inputs, targets = Parity(delay).sample(64, 0)
    for column in range(64):
        text = read(inputs[:, column])
        assert text[3:] == "c" * (delay - 3) + "d"
        assert targets[0, column].item() == text.count("b") % 2
    assert len(text) - 1 == delay


@pytest.mark.parametrize("delay", DELAYS)
def test_recall_asks_for_the_marked_symbol(delay: int) -> None:
    inputs, targets = Recall(delay).sample(100, 0)
    found = set()
    for column in range(100):
        marks = inputs[:, column, 5]
        assert marks.sum() == 1
        place = int(marks.argmax())
        found.add(place)
        assert delay <= len(marks) - 1 - place <= delay + 4
        symbol = inputs[place, column, :4].argmax()
        assert symbol == targets[0, column]
        assert inputs[-1, column, 4] == 1
        assert inputs[:-1, column, 4].sum() == 0
    assert found == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("delay", [1, 2, 3, 4, *DELAYS])
def test_brackets_leave_only_the_first_one_open(delay: int) -> None:
    task = Brackets(delay)
    inputs, targets = task.sample(60, 0)
    deepest = 0
    for column in range(60):
        ids = inputs[:, column].argmax(-1)
        assert still_open(ids) == [targets[0, column].item()]
        assert ids[-1] == 7
        depths = [len(still_open(ids[:end])) for end in range(1, len(ids))]
        assert min(depths) == 1  # the first is never closed on the way
        deepest = max(deepest, *depths)
    assert deepest <= 5
    assert len(set(targets[0].tolist())) == 3


def test_a_wrong_bracket_is_noticed() -> None:
    with pytest.raises(ValueError, match="step 1 closes nothing"):
        still_open(torch.tensor([0, 4]))
    assert still_open(torch.tensor([2, 0, 3, 1])) == [2, 1]


@pytest.mark.parametrize("name", [name for name in MEMORY_TASKS if name != "adding"])
def test_the_answers_are_as_likely_as_guessing_says(name: str) -> None:
    task = make_task(name, 10)
    _, targets = task.sample(4000, 0)
    shares = torch.bincount(targets.flatten(), minlength=task.outputs) / targets.numel()
    torch.testing.assert_close(shares, torch.full_like(shares, task.guess), atol=0.03, rtol=0)


def test_scores() -> None:
    recall, adding = Recall(5), Adding(5)
    logits = torch.eye(4)[torch.tensor([[0, 1, 2, 3]])]
    assert recall.score(logits, torch.tensor([[0, 1, 2, 0]])) == 0.75
    truth = torch.tensor([[0.5, 1.0]])
    assert adding.score(truth.unsqueeze(-1), truth) == 1
    off = adding.score(truth.unsqueeze(-1) + 0.1, truth)
    assert off == pytest.approx(1 - 0.01 * 6)
    assert adding.score(truth.unsqueeze(-1) + 9, truth) == 0
    assert off == pytest.approx(adding.solved)


def test_errors_say_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"'chess'.*recall"):
        make_task("chess", 5)
    with pytest.raises(ValueError, match="needs at least 3"):
        make_task("copying", 2)
    with pytest.raises(ValueError, match="at least 1 sequence"):
        make_task("recall", 5).sample(0, 1)
