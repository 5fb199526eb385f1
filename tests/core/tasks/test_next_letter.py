"""Windows over the last letters, and what can be told apart with them."""

import itertools
import math

import pytest
import torch

from core.tasks.next_letter import causal_windows, least_loss, smallest_window, told_apart

SHELLS = "she sells sea shells"


def test_a_window_holds_the_newest_letter_first_and_nothing_from_the_future():
    ids = torch.tensor([[0], [2], [1], [2]])
    found = causal_windows(ids, 2, 3)[:, 0]
    assert found.tolist() == [
        [1, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 1, 0, 0, 0, 1],
        [0, 0, 1, 0, 1, 0],
    ]
    changed = ids.clone()
    changed[2:] = 0
    torch.testing.assert_close(causal_windows(changed, 2, 3)[:2], causal_windows(ids, 2, 3)[:2])


def test_unknown_letters_are_zeros():
    assert causal_windows(torch.tensor([[3], [-1]]), 1, 3).sum() == 0


def test_a_window_of_nothing_is_refused():
    with pytest.raises(ValueError, match="sees nothing"):
        causal_windows(torch.tensor([[0]]), 0, 3)


@pytest.mark.parametrize(("size", "right"), [(1, 5), (2, 7), (3, 7)])
def test_namaskar_counted_by_hand(size, right):
    assert told_apart("namaskar", size) == (right, 7)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_table_of_answers_does_better(size):
    """Every table over windows, tried one after the other on a short text."""
    text = "abcabdab"
    windows = [
        "^" * max(0, size - at - 1) + text[max(0, at - size + 1) : at + 1] for at in range(7)
    ]
    kinds = sorted(set(windows))
    best = 0
    for answers in itertools.product("abcd", repeat=len(kinds)):
        table = dict(zip(kinds, answers, strict=True))
        best = max(best, sum(table[w] == text[at + 1] for at, w in enumerate(windows)))
    assert told_apart(text, size) == (best, 7)


def test_the_smallest_window_is_the_first_that_is_enough():
    assert smallest_window("namaskar") == 2
    needed = smallest_window(SHELLS)
    right, known = told_apart(SHELLS, needed)
    assert right == known
    assert told_apart(SHELLS, needed - 1)[0] < known


def test_the_least_loss_is_the_entropy_of_what_follows():
    assert least_loss("namaskar", 1) == pytest.approx(3 / 7 * math.log(3))
    assert least_loss("namaskar", 2) == 0
