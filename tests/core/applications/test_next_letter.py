"""The next letter, with the last letters alone and with a memory."""

import itertools

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.next_letter import WRITERS, NextLetter, text_of
from core.networks.architecture import Architecture
from tests.core.applications.reading import learned

ONE = Architecture("perceptron", hidden_size=24)


@pytest.mark.parametrize("language", WRITERS)
def test_no_line_is_in_two_parts(language):
    lines = {part: set(text.split("\n")) for part, text in text_of(language).items()}
    assert not lines["train"] & lines["validation"]
    assert not lines["train"] & lines["test"]
    assert not lines["validation"] & lines["test"]
    assert min(len(text) for text in text_of(language).values()) > 2000


def test_one_letter_tells_as_much_as_pairs_do_and_a_memory_tells_more():
    application = NextLetter("en")
    feed = application.measure(learned(application, ONE, steps=200, batch=12), "test").score
    elman = Architecture("gru", hidden_size=32, embedding_size=0)
    memory = application.measure(learned(application, elman, steps=200, batch=12), "test").score
    assert application.baseline.score + 0.15 < feed < application.pairs_score() + 0.01
    assert memory > application.pairs_score() + 0.1


def test_the_baseline_and_pairs_are_counted():
    application = NextLetter("en")
    train, test = text_of("en")["train"], text_of("en")["test"]
    commonest = max(set(train), key=train.count)
    assert application.baseline.score == pytest.approx(
        sum(letter == commonest for letter in test[1:]) / (len(test) - 1)
    )
    after = {a: [] for a in set(train)}
    for a, b in itertools.pairwise(train):
        after[a].append(b)
    table = {a: max(sorted(set(found)), key=found.count) for a, found in after.items()}
    expected = np.mean([table[a] == b for a, b in itertools.pairwise(test)])
    assert application.pairs_score() == pytest.approx(expected, abs=1e-6)


def test_targets_are_the_letters_that_follow():
    application = NextLetter("zh")
    batch = application.batch(2, Draws(batch=3, unroll=9))
    for column in range(3):
        said = "".join(application.vocabulary.decode(batch.ids[:, column].tolist()))
        follow = "".join(application.vocabulary.decode(batch.targets[:, column].tolist()))
        assert said[0] + follow in text_of("zh")["train"]
        assert said[1:] == follow[:-1]


@pytest.mark.parametrize("window", [0, 2])
def test_a_perceptron_sees_the_last_letters_and_no_other(window):
    application = NextLetter("en")
    architecture = Architecture("perceptron", hidden_size=8, window=window)
    model = new_network(application, architecture, seed=1)
    first = application.answer(model, "the cats").probabilities
    other = application.answer(model, "The dogs sees the cats").probabilities
    np.testing.assert_allclose(first[window:], other[-8:][window:], atol=1e-7)
    assert np.abs(first[3] - first[4]).max() > 0
    assert application.read(model, "the") == {}


def test_a_recording_of_a_recurrent_network():
    application = NextLetter("en")
    model = new_network(application, Architecture("elman", hidden_size=8), seed=1)
    for loss_at in ("last", "every", None):
        (trace,) = application.read(model, "the ß", loss_at=loss_at).values()
        answer = application.answer(model, "the ß")
        np.testing.assert_allclose(
            trace["prediction"].values[:, 0], answer.probabilities, atol=1e-6
        )
        assert answer.unknown == (4,)


@pytest.mark.parametrize("options", [{"window": 1}, {"bidirectional": True}])
def test_nothing_may_look_ahead(options):
    with pytest.raises(ValueError, match="nothing may look ahead"):
        NextLetter("en").network(Architecture("lstm", **options))


@pytest.mark.parametrize("text", ["", "a" * 301])
def test_texts_that_cannot_be_read(text):
    application = NextLetter("en")
    with pytest.raises(ValueError, match="expected 1 to 300"):
        application.encode(text)


def test_round_trip(tmp_path):
    application = NextLetter("zh")
    architecture = Architecture("perceptron", hidden_size=4, window=1)
    model = new_network(application, architecture, seed=1)
    made = Applied("a", application, architecture, model)
    again = load_applied(save_applied(tmp_path / "a.safetensors", made))
    text = application.examples[0]
    np.testing.assert_array_equal(again.answer(text).probabilities, made.answer(text).probabilities)
    assert torch.equal(again.application.encode(text), application.encode(text))


@pytest.mark.parametrize(
    "description",
    [{}, {"language": "de", "tokens": ["a", "b"]}, {"language": "en", "tokens": ["ab", "c"]}],
)
def test_a_strange_description_is_refused(description):
    with pytest.raises(ValueError, match=r"tokens|expected"):
        NextLetter.restore(description)
