"""Counting, against entropies worked out by hand."""

import math

import pytest
import torch

from core.tasks import Namaskar
from core.tasks.counting import bigram_bits, mixed_bigram_bits, unigram_bits


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


def test_rare_pairs_fall_back_on_single_tokens():
    train, held_out = torch.tensor([0, 1, 0, 1, 0, 2, 3]), torch.tensor([0, 1, 1, 3, 0])
    alone = [4 / 11, 3 / 11, 2 / 11, 2 / 11]  # counted from 1
    # 0 is followed three times, by 1 twice and by 2 once; 1 twice, by 0 alone; 3 by nothing
    after_0 = (2 + 2 * alone[1]) / (3 + 2)
    after_1 = [(0 + 1 * alone[b]) / (2 + 1) for b in (1, 3)]
    after_3 = alone[0]
    expected = -sum(map(math.log2, [after_0, *after_1, after_3])) / 4
    assert mixed_bigram_bits(train, held_out, 4) == pytest.approx(expected)


def test_mixed_pairs_are_probabilities():
    ids = torch.randint(0, 5, (300,), generator=torch.Generator().manual_seed(1))
    for before in range(5):
        bits = [mixed_bigram_bits(ids, torch.tensor([before, b]), 5) for b in range(5)]
        assert sum(2.0**-each for each in bits) == pytest.approx(1)


def test_counting_without_a_single_pair_knows_nothing():
    ids = torch.tensor([2, 2])  # 2 is outside the vocabulary
    assert bigram_bits(ids, torch.tensor([0, 1]), 2) == pytest.approx(1)
