"""Counting, against entropies worked out by hand."""

import math

import pytest
import torch

from core.tasks import Namaskar
from core.training.baseline import bigram_bits, unigram_bits


def test_exact_shares_of_namaskar():
    ids = Namaskar().train
    # after n, m, s, k one letter; after a one of three, three times in seven
    assert bigram_bits(ids, ids, 6, start=0) == pytest.approx(3 / 7 * math.log2(3))
    # a is three of the eight letters, and three of the seven that are asked for
    expected = 3 / 7 * math.log2(8 / 3) + 4 / 7 * math.log2(8)
    assert unigram_bits(ids, ids, 6, start=0) == pytest.approx(expected)


def test_a_text_never_seen_costs_what_add_one_says():
    train, held_out = torch.tensor([0, 0, 1]), torch.tensor([0, 2, 1])
    assert unigram_bits(train, held_out, 3) == pytest.approx(
        (math.log2(6 / 1) + math.log2(6 / 2)) / 2
    )
    # p(2 | 0) = (0 + 1) / (2 + 3), p(1 | 2) = (0 + 1) / (0 + 3)
    assert bigram_bits(train, held_out, 3) == pytest.approx((math.log2(5) + math.log2(3)) / 2)


def test_random_text_costs_the_logarithm_of_its_letters():
    ids = torch.randint(0, 16, (200_000,), generator=torch.Generator().manual_seed(0))
    assert unigram_bits(ids[:100_000], ids[100_000:], 16) == pytest.approx(4, abs=0.01)
    assert bigram_bits(ids[:100_000], ids[100_000:], 16) == pytest.approx(4, abs=0.01)


def test_unknown_ids_are_passed_over():
    ids = torch.tensor([0, 1, 2, 0, 1])
    assert bigram_bits(ids, ids, 2, start=0) == pytest.approx(0)


def test_nothing_to_score_is_refused():
    with pytest.raises(ValueError, match="no character to score"):
        unigram_bits(torch.tensor([0, 1]), torch.tensor([0]), 2)
