from collections import Counter

import numpy as np
import pytest

from core.embeddings import WordVectors
from core.embeddings.advice import suggest_settings, warn_of_corpus, warn_of_vectors


def kinds(warnings):
    return [warning.kind for warning in warnings]


def test_short_texts_are_read_more_often():
    assert suggest_settings(200_000, 8000).epochs == 25
    assert suggest_settings(50_000_000, 8000).epochs == 3
    assert suggest_settings(100, 50).epochs == 100
    epochs = [suggest_settings(10**n, 100).epochs for n in range(2, 9)]
    assert epochs == sorted(epochs, reverse=True)


def test_short_texts_keep_rare_words_and_small_vocabularies_their_frequent_ones():
    assert [suggest_settings(n, 9).min_count for n in (1000, 10_000, 10**6)] == [1, 2, 5]
    assert suggest_settings(10**6, 20_000).subsample == 1e-3
    assert suggest_settings(10**6, 10).subsample == 0.5
    with pytest.raises(ValueError, match="0 words of 0 kinds"):
        suggest_settings(0, 0)


def test_a_sound_corpus_is_not_warned_of():
    counts = {f"w{n}": 1000 // (n + 1) + 5 for n in range(3000)}
    epochs = suggest_settings(sum(counts.values()), 3000).epochs
    assert warn_of_corpus(counts, 1500, epochs=epochs) == []


def test_what_is_wrong_with_a_corpus_is_told_with_its_numbers():
    (tiny,) = warn_of_corpus({"a": 4_000_000, "b": 4_000_000}, 9, epochs=3)
    assert (tiny.kind, tiny.values) == ("tiny-vocabulary", {"types": 2})
    lines = ["春花秋月何时了", "往事知多少", "小楼昨夜又东风", "故国不堪回首月明中"]
    warned = warn_of_corpus(Counter(lines), 4, epochs=100)
    assert kinds(warned) == ["tiny-vocabulary", "unsegmented", "short-sentences"]
    assert warned[1].values["share"] == 1
    assert warned[2].values["words"] == 1
    segmented = Counter(word for line in lines for word in line)
    assert "unsegmented" not in kinds(warn_of_corpus(segmented, 4, epochs=100))
    (few,) = warn_of_corpus({f"w{n}": 100 for n in range(2000)}, 9000, epochs=3)
    assert (few.kind, few.values) == ("few-epochs", {"epochs": 3, "suggested": 25})
    assert kinds(warn_of_corpus({}, 0, epochs=3)) == ["tiny-vocabulary"]


def test_a_collapsed_space_is_told_from_a_spread_one():
    random = np.random.default_rng(0)
    words = [f"w{n}" for n in range(300)]
    spread = random.normal(size=(300, 30)).astype(np.float32)
    assert warn_of_vectors(WordVectors(words, spread)) == []
    line = np.outer(random.normal(size=300), random.normal(size=30)) + 0.02 * spread
    (warned,) = warn_of_vectors(WordVectors(words, line.astype(np.float32)))
    assert warned.kind == "collapsed"
    assert warned.values["axis"] > 0.9
    assert warned.values["cosine"] > 0.98
    assert warn_of_vectors(WordVectors(words[:5], spread[:5])) == []
