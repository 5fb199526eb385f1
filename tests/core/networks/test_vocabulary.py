"""Tokens to ids and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.networks import Vocabulary


@given(text=st.text(min_size=1), other=st.text())
def test_known_tokens_come_back_and_unknown_ones_are_pointed_out(text: str, other: str) -> None:
    vocabulary = Vocabulary.of(text)
    ids = vocabulary.encode(text)
    assert "".join(vocabulary.decode(ids)) == text
    assert vocabulary.unknown(text) == []
    places = vocabulary.unknown(other)
    assert places == [place for place, token in enumerate(other) if token not in text]
    encoded = vocabulary.encode(other)
    assert [place for place, index in enumerate(encoded) if index == len(vocabulary)] == places
    for place in places:
        assert vocabulary.decode([encoded[place]]) == ["\N{REPLACEMENT CHARACTER}"]


def test_tokens_are_sorted_and_keep_their_ids() -> None:
    vocabulary = Vocabulary.of("namaskar")
    assert vocabulary.tokens == ("a", "k", "m", "n", "r", "s")
    assert vocabulary.encode("nax") == [3, 0, 6]
    assert "k" in vocabulary
    assert "x" not in vocabulary
    assert len(vocabulary) == 6


def test_no_tokens() -> None:
    with pytest.raises(ValueError, match="needs at least one token; got none"):
        Vocabulary(())


def test_a_token_twice() -> None:
    with pytest.raises(ValueError, match=r"holds each token once; \['a', 'c'\] occur twice"):
        Vocabulary(("c", "a", "b", "a", "c"))
