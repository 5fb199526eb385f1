import numpy as np
import pytest

from core.embeddings import Vocabulary

COUNTS = np.array([400, 100, 25, 5])
VOCABULARY = Vocabulary(("the", "cat", "sat", "quietly"), COUNTS)


def test_rows_follow_the_order_of_the_words_and_unknown_words_are_left_out():
    assert VOCABULARY.encode(["sat", "dog", "the"]).tolist() == [2, 0]
    assert VOCABULARY.encode(["sat"]).dtype == np.int32
    assert VOCABULARY.decode([2, 0]) == ["sat", "the"]
    assert "cat" in VOCABULARY
    assert "dog" not in VOCABULARY


def test_keep_probability_is_the_published_formula():
    share = COUNTS / COUNTS.sum()
    expected = [min(1, (np.sqrt(f / 0.05) + 1) * 0.05 / f) for f in share]
    np.testing.assert_allclose(VOCABULARY.keep_probability(0.05), expected)
    assert VOCABULARY.keep_probability(0.05)[3] == 1
    assert VOCABULARY.keep_probability(0.05)[0] < 0.4


@pytest.mark.parametrize("threshold", [None, 0])
def test_without_a_threshold_every_occurrence_stays(threshold):
    np.testing.assert_array_equal(VOCABULARY.keep_probability(threshold), 1)


@pytest.mark.parametrize("exponent", [0.75, 1.0, 0.0, -0.5, 300.0])
def test_negatives_are_drawn_by_a_power_of_the_count(exponent):
    log_weight = exponent * np.log(COUNTS)
    expected = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    np.testing.assert_allclose(VOCABULARY.negative_probability(exponent), expected, atol=1e-300)


def test_what_cannot_be_a_vocabulary_is_refused():
    with pytest.raises(ValueError, match="listed twice"):
        Vocabulary(("a", "a"), np.array([2, 1]))
    with pytest.raises(ValueError, match="2 words came with 1 counts"):
        Vocabulary(("a", "b"), np.array([2]))
    with pytest.raises(ValueError, match=r"subsample must be positive.*-1"):
        VOCABULARY.keep_probability(-1)
    with pytest.raises(ValueError, match="negative_exponent"):
        VOCABULARY.negative_probability(float("nan"))
