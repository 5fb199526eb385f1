"""What each kind of network can learn of one short text, against a count."""

import numpy as np
import pytest

from core.tasks.next_letter import told_apart
from core.training.by_heart import learn_by_heart

TEXTS = ("namaskar", "人人为我，我为人人", "she sells sea")


@pytest.mark.parametrize("window", [1, 2])
@pytest.mark.parametrize("text", TEXTS)
def test_a_perceptron_reaches_what_its_window_allows_and_no_more(text, window):
    learned = learn_by_heart(text, "perceptron", window=window)
    assert (learned.right, len(learned.targets)) == told_apart(text, window)


@pytest.mark.parametrize("kind", ["elman", "lstm", "gru", "layers"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_network_with_a_state_learns_all_of_it(text, kind):
    assert learn_by_heart(text, kind).right == len(text) - 1


def test_only_the_recurrent_network_answers_one_letter_in_several_ways():
    places = [1, 3, 6]
    feed = learn_by_heart("namaskar", "perceptron").probabilities[places]
    recurrent = learn_by_heart("namaskar", "elman").probabilities[places]
    np.testing.assert_allclose(feed, feed[:1].repeat(3, axis=0), atol=1e-6)
    np.testing.assert_allclose(sorted(feed[0])[-3:], 1 / 3, atol=0.1)
    assert len(set(recurrent.argmax(-1))) == 3


def test_the_same_seed_gives_the_same_network():
    one, other = (learn_by_heart("abcab", "gru", seed=4).probabilities for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_what_cannot_be_learned_is_refused():
    with pytest.raises(ValueError, match="expected at least 2"):
        learn_by_heart("a", "lstm")
    with pytest.raises(ValueError, match="choose one of perceptron"):
        learn_by_heart("ab", "convolution")
