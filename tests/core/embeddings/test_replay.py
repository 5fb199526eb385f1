"""A replay: one basis, true neighbours, honest scores, a file that survives."""

from collections import Counter

import numpy as np
import pytest

from core.embeddings import WordVectors, train_word2vec
from core.embeddings.grammar import generate_corpus, similar_pairs
from core.embeddings.moves import explain_movement
from core.embeddings.replay import (
    Replay,
    analogy_share,
    likeness_rank,
    make_replay,
    nearest_rows,
    shared_basis,
)

EVERY = 8_000  # words between two snapshots


@pytest.fixture(scope="module")
def sentences():
    return list(generate_corpus("en", 150_000, seed=5))


@pytest.fixture(scope="module")
def snapshots(sentences):
    options = {"size": 24, "window": 3, "epochs": 2, "seed": 3, "threads": 1, "subsample": None}
    return list(train_word2vec(sentences, snapshot_every=EVERY, **options))


@pytest.fixture(scope="module")
def replay(sentences, snapshots):
    counts = Counter(word for sentence in sentences for word in sentence)
    pairs = similar_pairs("en")
    return make_replay(snapshots, counts, most=300, neighbours=4, pairs=pairs, settings={"seed": 3})


def test_keeps_the_most_frequent_words(replay):
    assert len(replay.words) == 300
    assert replay.words[0] == "the"
    assert (np.diff(replay.counts) <= 0).all()
    assert np.isnan(replay.scores["analogies"]).all()  # nothing was asked


def test_one_basis_is_an_orthogonal_projection_of_all_frames(replay):
    flat = replay.vectors.reshape(-1, replay.vectors.shape[-1]).astype(float)
    centred = flat - flat.mean(axis=0)
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    expected = np.abs(centred @ axes[:3].T)
    np.testing.assert_allclose(np.abs(replay.positions.reshape(-1, 3)), expected, atol=1e-4)
    np.testing.assert_allclose(replay.explained, (singular**2 / (singular**2).sum())[:3], rtol=1e-4)


def test_shared_basis_keeps_distances_of_flat_data():
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(4, 30, 2)) @ rng.normal(size=(2, 9))
    positions, shares = shared_basis(plane)
    before = np.linalg.norm(plane[:, :, None] - plane[:, None], axis=-1)
    after = np.linalg.norm(positions[:, :, None] - positions[:, None], axis=-1)
    np.testing.assert_allclose(after, before, atol=1e-4)
    assert shares[2] == pytest.approx(0, abs=1e-9)


def test_neighbours_equal_those_of_the_vectors(replay):
    last = len(replay) - 1
    vectors = replay.vectors_at(last)
    for row, word in enumerate(replay.words):
        expected = [name for name, _ in vectors.nearest(word, 4)]
        assert [replay.words[i] for i in replay.neighbours[last, row]] == expected


def test_nearest_rows_by_distance():
    points = np.array([[0.0, 0], [1, 0], [3, 0], [7, 0]])
    np.testing.assert_array_equal(nearest_rows(points, 2, cosine=False)[0], [1, 2])
    np.testing.assert_array_equal(nearest_rows(points, 2, cosine=False)[3], [2, 1])


def test_scores_against_the_definition():
    rng = np.random.default_rng(1)
    words = list("abcdefgh")
    vectors = WordVectors(words, rng.normal(size=(8, 5)))
    questions = [("a", "b", "c", "d"), ("e", "f", "g", "h"), ("a", "c", "missing", "d")]
    right = [vectors.analogy(a, b, c, k=1)[0][0] == d for a, b, c, d in questions if c != "missing"]
    assert analogy_share(vectors, questions) == np.mean(right)
    assert np.isnan(analogy_share(vectors, [("x", "y", "z", "w")]))
    assert np.isnan(likeness_rank(vectors, [("a", "b", 1.0)]))


def test_training_brings_words_of_one_use_together(replay):
    assert replay.scores["similarity"][-1] > replay.scores["similarity"][0] + 0.2


def test_saved_and_loaded(replay, tmp_path):
    replay.save(tmp_path / "r.safetensors")
    again = Replay.load(tmp_path / "r.safetensors")
    assert again.words == replay.words
    assert again.settings == {"seed": 3}
    np.testing.assert_array_equal(again.positions, replay.positions)
    np.testing.assert_allclose(again.vectors, replay.vectors, atol=2e-3)
    np.testing.assert_array_equal(again.scores["similarity"], replay.scores["similarity"])


@pytest.mark.parametrize("data", [b"", b"not a file", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_foreign_file_is_refused(tmp_path, data):
    (tmp_path / "bad.safetensors").write_bytes(data)
    with pytest.raises(ValueError, match=r"bad\.safetensors"):
        Replay.load(tmp_path / "bad.safetensors")


@pytest.mark.parametrize("word", ["king", "queen", "man"])
def test_the_account_of_a_movement_follows_it(replay, sentences, word):
    frame = 1  # early, while words go somewhere; later, chance moves them more than the text does
    words = np.cumsum([len(sentence) for sentence in sentences])
    first, last = np.searchsorted(words, replay.words_seen[frame : frame + 2])
    between = sentences[first:last]
    movement = explain_movement(replay, word, frame, between, window=3, negatives=5)
    assert movement.distance > 0
    assert movement.agreement > 0.8
    assert all(word in sentence.split() for sentence in movement.sentences)
    assert movement.pulls[0].pairs > 0


def test_a_movement_needs_a_next_frame_and_a_known_word(replay, sentences):
    with pytest.raises(ValueError, match="comes after"):
        explain_movement(replay, "king", len(replay) - 1, sentences, window=3, negatives=5)
    with pytest.raises(ValueError, match="not among"):
        explain_movement(replay, "zebroid", 0, sentences, window=3, negatives=5)
