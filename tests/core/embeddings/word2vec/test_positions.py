import numpy as np
import pytest
import torch

from core.embeddings.word2vec.positions import draw_positions


def draw(tokens, lengths, keep, *, window=4, multiple=32, seed=0):
    return draw_positions(
        torch.tensor(tokens, dtype=torch.int32),
        torch.tensor(lengths),
        torch.tensor(keep),
        window=window,
        multiple=multiple,
        generator=torch.Generator().manual_seed(seed),
    )


def test_windows_never_leave_their_sentence_nor_the_window():
    lengths = [5, 0, 1, 12, 2, 0]
    positions = draw(list(range(20)), lengths, [1.0] * 20)
    sentence = np.repeat(np.arange(6), lengths)
    words, left, right = (
        positions.inner(x)[:20].tolist() for x in (positions.words, positions.left, positions.right)
    )
    assert words == list(range(20))
    for place in range(20):
        reach = range(place - left[place], place + right[place] + 1)
        assert {sentence[p] for p in reach} == {sentence[place]}
        assert max(left[place], right[place]) <= 4
        same = np.flatnonzero(sentence == sentence[place])
        # Where no end of the sentence is in the way, both sides reach equally far, at least 1.
        if same[0] <= place - 4 and place + 4 <= same[-1]:
            assert left[place] == right[place] >= 1


def test_padding_sees_nobody():
    positions = draw([0, 1, 2], [3], [1.0] * 3)
    assert positions.count == 32
    assert positions.inner(positions.left)[3:].sum() == 0
    assert positions.left[:4].sum() == positions.right[-4:].sum() == 0


def test_reach_is_uniform_and_words_stay_as_often_as_asked():
    keep = [0.2, 0.7, 1.0]
    tokens = np.random.default_rng(0).integers(0, 3, 60_000)
    positions = draw(tokens.tolist(), [60_000], keep, window=5)
    kept = np.bincount(positions.inner(positions.words)[:-32], minlength=3)
    share = kept / np.bincount(tokens)
    np.testing.assert_allclose(share, keep, atol=0.015)
    reach = np.bincount(positions.inner(positions.left)[10:-50], minlength=6)[1:]
    np.testing.assert_allclose(reach / reach.sum(), 0.2, atol=0.01)


def test_words_that_stay_move_together():
    positions = draw([0, 1] * 50, [100], [1.0, 0.0], window=3)
    words = positions.inner(positions.words)[:50]
    assert words.sum() == 0
    assert positions.inner(positions.right)[:46].min() >= 1


@pytest.mark.parametrize("size", [32, 64])
def test_parts_overlap_by_their_halos_only(size):
    positions = draw(list(range(100)), [60, 40], [1.0] * 100)
    parts = list(positions.split(size))
    assert torch.cat([p.inner(p.words) for p in parts]).equal(positions.inner(positions.words))
    assert parts[1].words[:4].equal(positions.inner(positions.words)[size - 4 : size])


def test_a_stretch_may_be_empty():
    positions = draw([0, 0], [2], [0.0])
    assert positions.count == 0
    assert list(positions.split(32)) == []
