"""Quality beside gensim's on the same text, at any number of threads."""

import numpy as np
import pytest
from gensim.models import Word2Vec

from core.embeddings import WordVectors, encode_corpus, train_word2vec
from core.embeddings.grammar import analogies, generate_corpus, similar_pairs
from core.embeddings.replay import analogy_share, likeness_rank

WORDS, SEEDS, EPOCHS = 300_000, (1, 2, 3), 5
MARGIN = 0.95
"""Of gensim's mean. One training's share of right analogies varies by some 2% with the seed."""


@pytest.fixture(scope="module")
def sentences():
    return list(generate_corpus("en", WORDS))


def quality(vectors):
    questions = [question for part in analogies("en").values() for question in part][::3]
    return analogy_share(vectors, questions), likeness_rank(vectors, similar_pairs("en"))


@pytest.fixture(scope="module")
def reference(sentences):
    """gensim's mean quality, by (model, hierarchical)."""
    found = {}
    for kind, settings in {
        ("skip-gram", False): {"sg": 1, "negative": 5, "alpha": 0.05},
        ("cbow", False): {"sg": 0, "negative": 5, "alpha": 0.05},
        ("skip-gram", True): {"sg": 1, "negative": 0, "hs": 1, "alpha": 0.05},
    }.items():
        scores = []
        for seed in SEEDS:
            oracle = Word2Vec(
                sentences, vector_size=50, window=5, min_count=5, epochs=EPOCHS, workers=1,
                seed=seed, **settings,
            )  # fmt: skip
            scores.append(quality(WordVectors(oracle.wv.index_to_key, oracle.wv.vectors)))
        found[kind] = np.mean(scores, axis=0)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2, 4, 8])
@pytest.mark.parametrize("kind", [("skip-gram", False), ("cbow", False), ("skip-gram", True)])
def test_it_learns_as_much_as_gensim(sentences, reference, kind, threads):
    model, hierarchical = kind
    corpus, scores = encode_corpus(sentences), []
    for seed in SEEDS:
        *_, last = train_word2vec(
            corpus, model=model, size=50, epochs=EPOCHS, seed=seed, threads=threads,
            objective="hierarchical-softmax" if hierarchical else "negative-sampling",
        )  # fmt: skip
        scores.append(quality(last.vectors))
    assert (np.mean(scores, axis=0) >= MARGIN * reference[kind]).all(), (scores, reference[kind])
