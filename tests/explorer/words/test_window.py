"""The window over a sentence: which words are seen, how often, and what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.cooccurrence import cooccurrence
from core.embeddings.corpus import encode_corpus
from core.embeddings.window import window_pairs
from explorer.charts.window import window_figure
from explorer.language import LANGUAGES, texts_of
from explorer.words.onehot import curse_sentence, neighbours_seen
from explorer.words.window import MODELS, sentence_with, window_sentence

SENTENCE = ["the", "old", "king", "wore", "a", "heavy", "crown", "of", "gold"]


@pytest.mark.parametrize("window", [1, 2, 5, 20])
def test_chances_are_those_of_drawing_the_window_and_of_counting_with_fading(window: int) -> None:
    corpus = encode_corpus([SENTENCE], min_count=1)
    counts = cooccurrence(corpus, window=window, fading=True).toarray()
    random = np.random.default_rng(0)
    drawn = random.integers(1, window + 1, 20_000)
    index = {word: row for row, word in enumerate(corpus.vocabulary.words)}
    for centre in (0, 4, len(SENTENCE) - 1):
        pairs = window_pairs(len(SENTENCE), centre, window)
        assert [place for place, _ in pairs] == sorted({place for place, _ in pairs} - {centre})
        for place, chance in pairs:
            assert chance == pytest.approx((drawn >= abs(place - centre)).mean(), abs=0.02)
            row, column = index[SENTENCE[centre]], index[SENTENCE[place]]
            assert counts[row, column] == pytest.approx(chance)
        assert sum(chance for _, chance in pairs) == pytest.approx(counts[row].sum())


def test_what_is_no_position_or_window_is_refused() -> None:
    with pytest.raises(ValueError, match="centre is 3"):
        window_pairs(3, 3, 2)
    with pytest.raises(ValueError, match="window is 0"):
        window_pairs(3, 1, 0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS)
def test_arrows_go_from_what_foretells_to_what_is_foretold(model: str, language: str) -> None:
    texts = texts_of(language)
    words = ["<b>", *SENTENCE[1:]]
    pairs = window_pairs(len(words), 3, 2)
    figure = window_figure(words, 3, pairs, model, texts, dark=False)
    arrows = [one for one in figure.layout.annotations if one.showarrow]
    below = {(one.x if one.y == 0 else one.ax) for one in arrows if 0 in (one.y, one.ay)}
    assert below == {1, 2, 4, 5}
    upward = [one for one in arrows if one.ay == 0]
    assert len(upward) == (4 if model == "cbow" else 0)
    assert len(arrows) == (5 if model == "cbow" else 4)  # the mean's own arrow to the word
    assert all("<b><b>" not in one.text for one in figure.layout.annotations)
    near, far = (next(one for one in arrows if place in (one.x, one.ax)) for place in (2, 1))
    assert near.arrowwidth > far.arrowwidth
    said = window_sentence(words, 3, 2, texts)
    assert "4" in said
    assert "3.0" in said  # 2 * (1 + 1/2)


def test_a_sentence_of_the_corpus_with_the_word() -> None:
    sentences = [["a", "b"], SENTENCE, ["gold", "b"]]
    corpus = encode_corpus(sentences, min_count=1)
    assert sentence_with(corpus, "gold") == SENTENCE
    assert sentence_with(corpus, "nobody") == SENTENCE
    assert sentence_with(encode_corpus([["a", "b"]], min_count=1), "c") == ["a", "b"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_curse_is_counted(language: str) -> None:
    sentences = [["a", "b", "a", "b"], ["b", "c"], ["c", "a", "b"]]
    corpus = encode_corpus(sentences, min_count=1)
    by_hand = [
        {tuple(one[at : at + length]) for one in sentences for at in range(len(one) - length + 1)}
        for length in (2, 3)
    ]
    assert [neighbours_seen(corpus, 2), neighbours_seen(corpus, 3)] == [len(one) for one in by_hand]
    said = curse_sentence(corpus, texts_of(language))
    for number in ("9", "27", "44%", "11%"):
        assert number in said
