"""Finding words: prefixes, patterns, and patterns made to run forever."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings.search import LONGEST_LABEL, find_pattern, find_prefix

WORDS = ("Kingdom", "king", "viking", "queen", "kin", "国王", "国家", "a.b", "straße", "")


def test_prefixes() -> None:
    assert find_prefix(WORDS, "king").rows == (1, 0)
    assert find_prefix(WORDS, "KIN").rows == (0, 1, 4)
    assert find_prefix(WORDS, "国").rows == (5, 6)
    assert find_prefix(WORDS, "STRASSE").rows == (8,)
    assert find_prefix(WORDS, "a.").rows == (7,)
    assert find_prefix(WORDS, "zebra").rows == ()
    assert (
        find_prefix(WORDS, "", most=3).rows == (9, 0, 1)
        or len(find_prefix(WORDS, "", most=3).rows) == 3
    )


def test_patterns() -> None:
    assert find_pattern(WORDS, "king").rows == (0, 1, 2)
    assert find_pattern(WORDS, "^king$").rows == (1,)
    assert find_pattern(WORDS, "(?-i)^K").rows == (0,)
    assert find_pattern(WORDS, "^国.$").rows == (5, 6)
    assert find_pattern(WORDS, r"\.").rows == (7,)
    assert find_pattern(WORDS, "i", most=2).rows == (0, 1)


@given(st.lists(st.text(alphabet="abc", max_size=6), max_size=30))
def test_patterns_against_pythons_own(words: list[str]) -> None:
    for pattern in ("^a+b", "(ab|c)$", "a.c", "b{2}", "^$", "[^a]"):
        expected = [row for row, word in enumerate(words) if re.search(pattern, word)]
        assert list(find_pattern(words, pattern).rows) == expected[:200]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){25}$", "(a*)*b"])
def test_patterns_that_would_run_for_years_do_not(pattern: str) -> None:
    began = time.monotonic()
    find_pattern(["a" * 900 + "!"] * 20, pattern)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("pattern", ["(", "a{2000}", r"(a)\1", "(?=a)", "*", "[z-a]", "(?P<x"])
def test_what_the_matcher_does_not_take_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"is not taken: \w"):
        find_pattern(WORDS, pattern)


def test_long_patterns_and_huge_ones_are_refused() -> None:
    with pytest.raises(ValueError, match="201 characters"):
        find_pattern(WORDS, "a" * 201)
    with pytest.raises(ValueError, match="not taken"):
        find_pattern(WORDS, "((a{100}){100}){100}")


def test_the_clock_ends_a_search_and_says_how_far_it_came() -> None:
    found = find_pattern(["x"] * 20_000, "y", seconds=0)
    assert found.rows == ()
    assert 0 < found.searched < 20_000
    assert find_pattern(["x"] * 20_000, "y").searched == 20_000


def test_only_the_beginning_of_an_endless_word_is_looked_at() -> None:
    endless = "x" * LONGEST_LABEL + "y"
    assert find_pattern([endless], "y").rows == ()
    assert find_pattern([endless], "^x+$").rows == (0,)


@given(st.text(max_size=40))
def test_any_pattern_works_or_is_a_value_error(pattern: str) -> None:
    try:
        found = find_pattern(WORDS, pattern)
    except ValueError:
        return
    assert set(found.rows) <= set(range(len(WORDS)))
