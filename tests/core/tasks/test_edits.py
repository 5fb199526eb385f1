"""The edit distance against the definition, and the rate of errors."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from core.tasks.edits import edit_distance, error_rate


def by_definition(one: str, other: str) -> int:
    @cache
    def rest(left: int, right: int) -> int:
        if left == len(one) or right == len(other):
            return len(one) - left + len(other) - right
        replaced = rest(left + 1, right + 1) + (one[left] != other[right])
        return min(rest(left + 1, right) + 1, rest(left, right + 1) + 1, replaced)

    return rest(0, 0)


def test_it_is_the_least_number_of_edits() -> None:
    random = np.random.default_rng(0)
    for _ in range(200):
        one, other = ("".join(random.choice(list("ab "), random.integers(8))) for _ in range(2))
        assert edit_distance(one, other) == by_definition(one, other)


def test_the_rate_counts_all_edits_over_all_signs() -> None:
    assert error_rate(["SOS", "HELO", ""], ["SOS", "HELLO", "E"]) == pytest.approx(2 / 9)
    assert error_rate(["AAAA"], ["A"]) == 3
