import gc
import math
import threading

import numpy as np
import pytest
import torch

from core.embeddings import TrainingDivergedError, WordVectors, encode_corpus, train_word2vec
from core.embeddings.evaluation import all_sections, score_analogies

OBJECTIVES = ["negative-sampling", "nce", "hierarchical-softmax", "softmax"]
MODELS = ["skip-gram", "cbow"]

ROYALS = [("king", "queen"), ("prince", "princess"), ("duke", "duchess"), ("actor", "actress")]
TOPICS = ["throne", "castle", "land", "stage"]


def royal_corpus(sentences=12_000, seed=0):
    """Each pair has words of its own topic, and each sex words of its own."""
    random = np.random.default_rng(seed)
    corpus = []
    for _ in range(sentences):
        pair, sex = random.integers(4), random.integers(2)
        he = ["he", "his", "man"] if sex == 0 else ["she", "her", "woman"]
        near = [TOPICS[pair], f"{TOPICS[pair]}s", random.choice(he), random.choice(he)]
        random.shuffle(near)
        corpus.append([*near[:2], ROYALS[pair][sex], *near[2:]])
    return corpus


ROYAL = encode_corpus(royal_corpus(), min_count=1)
QUESTIONS = {"sex": [(a, b, c, d) for a, b in ROYALS for c, d in ROYALS if a != c]}


def last(*args, **kwargs):
    *_, final = train_word2vec(*args, **kwargs)
    return final


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.slow
def test_trained_vectors_solve_analogies_and_random_ones_do_not(model, objective):
    snapshots = list(
        train_word2vec(
            ROYAL, model=model, objective=objective, size=16, window=4, subsample=None, epochs=6,
            threads=1, snapshot_every=10**9, seed=1, learning_rate=0.1,
        )
    )  # fmt: skip
    random, trained = (
        all_sections(score_analogies(s.vectors, QUESTIONS)).accuracy
        for s in (snapshots[0], snapshots[-1])
    )
    assert trained >= 0.9
    assert random <= 0.4
    # NCE begins with the words' frequencies known, which on so small a corpus is most of it.
    assert snapshots[-1].loss < (0.995 if objective == "nce" else 0.9) * snapshots[0].loss


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_one_thread_and_a_seed_give_the_same_vectors_twice(objective, shared):
    def train(seed, **kwargs):
        return last(
            ROYAL, objective=objective, shared_negatives=shared, threads=1, size=8, epochs=1,
            seed=seed, **kwargs,
        ).vectors.vectors  # fmt: skip

    assert np.array_equal(train(3), train(3))
    assert not np.array_equal(train(3), train(4))


def test_looking_does_not_change_what_is_learned():
    quiet = last(ROYAL, threads=1, size=8, epochs=2, seed=5)
    watched = list(train_word2vec(ROYAL, threads=1, size=8, epochs=2, seed=5, snapshot_every=5000))
    assert len(watched) > 10
    assert np.array_equal(quiet.vectors.vectors, watched[-1].vectors.vectors)
    assert quiet.step == watched[-1].step


def test_snapshots_tell_where_the_training_is():
    every = 10_000
    snapshots = list(train_word2vec(ROYAL, threads=1, size=8, epochs=3, snapshot_every=every))
    words = len(ROYAL.tokens)
    seen = [snapshot.words_seen for snapshot in snapshots]
    assert (snapshots[0].step, seen[0], snapshots[0].words_per_second) == (0, 0, 0.0)
    assert seen == sorted(set(seen))
    assert seen[-1] == 3 * words
    piece = words // 64 + 5
    for number in range(1, len(seen) - 1):
        assert number * every <= seen[number] < number * every + piece
    assert snapshots[-1].words_per_second > 0
    assert not np.array_equal(snapshots[1].vectors.vectors, snapshots[2].vectors.vectors)
    assert snapshots[1].vectors.words == ROYAL.vocabulary.words


@pytest.mark.parametrize(
    ("objective", "expected"),
    [("negative-sampling", 6 * math.log(2)), ("softmax", math.log(len(ROYAL.vocabulary)))],
)
@pytest.mark.parametrize("model", MODELS)
def test_the_loss_before_training_is_that_of_scores_of_zero(objective, expected, model):
    first = next(train_word2vec(ROYAL, model=model, objective=objective, snapshot_every=1))
    assert first.loss == pytest.approx(expected, rel=0.01 if objective == "softmax" else 0.05)


def test_the_softmax_loss_reaches_the_entropy_of_the_corpus():
    """With vectors as large as the vocabulary the best loss is known: the conditional entropy."""
    sentences = [["a", "x"]] * 300 + [["a", "y"]] * 100 + [["b", "x"]] * 100 + [["b", "y"]] * 300
    np.random.default_rng(0).shuffle(sentences)
    final = last(
        sentences, objective="softmax", size=8, window=1, subsample=None, min_count=1, epochs=60,
        threads=1, learning_rate=0.3, snapshot_every=len(sentences) * 2 * 55,
    )  # fmt: skip
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert final.loss == pytest.approx(entropy, abs=0.02)


def test_several_threads_learn_as_well():
    final = last(ROYAL, size=16, window=4, subsample=None, epochs=6, threads=3)
    assert all_sections(score_analogies(final.vectors, QUESTIONS)).accuracy >= 0.9
    assert final.words_seen == 6 * len(ROYAL.tokens)


def test_output_vectors_belong_to_words_or_are_left_out():
    assert isinstance(last(ROYAL, size=4, epochs=1).output_vectors, WordVectors)
    assert last(ROYAL, size=4, epochs=1, objective="hierarchical-softmax").output_vectors is None


def test_the_corpus_may_be_sentences_a_file_or_encoded(tmp_path):
    sentences = royal_corpus(500)
    path = tmp_path / "royals.txt"
    path.write_text("\n".join(map(" ".join, sentences)))
    arrays = [
        last(corpus, size=4, threads=1, min_count=1).vectors.vectors
        for corpus in (sentences, iter(sentences), path, encode_corpus(sentences, min_count=1))
    ]
    for array in arrays[1:]:
        assert np.array_equal(arrays[0], array)


@pytest.mark.parametrize("threads", [1, 3])
def test_divergence_is_reported_with_the_remedy(threads):
    with pytest.raises(
        TrainingDivergedError,
        match=r"mean loss went from .* with learning_rate=50.*smaller learning rate.*12\.5",
    ):
        last(ROYAL, learning_rate=50.0, size=32, threads=threads, epochs=3)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("model", MODELS)
def test_ten_words_and_eight_threads_do_not_diverge(model, objective):
    """Every thread moves the same few rows all the time: the hardest case there is."""
    random = np.random.default_rng(0)
    text = [random.choice(list("abcdefghij"), 20).tolist() for _ in range(3000)]
    final = last(
        text, model=model, objective=objective, size=30, threads=8, epochs=4, learning_rate=0.2
    )
    assert np.isfinite(final.vectors.vectors).all()
    # The words are independent of each other, so there is nothing to learn: the best loss is
    # that of frequencies alone, and a training that runs away ends above where it began.
    first = next(
        train_word2vec(text, model=model, objective=objective, threads=1, snapshot_every=1)
    )
    assert final.loss < 1.1 * first.loss
    assert np.abs(final.vectors.vectors).max() < 5


def test_leaving_early_leaves_no_thread_behind():
    before = threading.active_count()
    training = train_word2vec(ROYAL, threads=3, size=4, snapshot_every=1000)
    next(training)
    next(training)
    training.close()
    gc.collect()
    assert threading.active_count() == before


@pytest.mark.parametrize("corpus", [[["a"]] * 9, [["a", "a"]] * 9, [["a"], ["b"]] * 9])
def test_a_corpus_with_next_to_nothing_to_learn_is_trained_all_the_same(corpus):
    final = last(corpus, size=3, min_count=1, threads=1)
    assert np.isfinite(final.vectors.vectors).all()
    assert math.isfinite(final.loss)


def test_autograd_is_not_involved():
    final = last(ROYAL, size=4, epochs=1, threads=1, objective="softmax")
    assert final.vectors.vectors.dtype == np.float32
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
