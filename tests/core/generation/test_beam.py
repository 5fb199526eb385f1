"""Beam search, against every text that there is."""

import pytest

from core.generation import Filters, beam_search, repetition, write
from tests.core.generation.tiny import TOKENS, all_texts, log_probability, tiny

PROMPT = [1, 3]


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru", "jordan"])
def test_a_beam_as_wide_as_all_texts_finds_the_best_ones(cell):
    model, length = tiny(cell, seed=2), 4
    exact = sorted(
        ((log_probability(model, PROMPT, text), text) for text in all_texts(length)), reverse=True
    )
    tree = beam_search(model, PROMPT, length, TOKENS**length)
    assert len(tree.beams) == TOKENS**length
    for beam, (expected, text) in zip(tree.beams[:20], exact):
        assert tree.nodes[beam].total == pytest.approx(expected, rel=1e-10)
        assert tuple(tree.tokens(beam)) == text


@pytest.mark.parametrize("width", [2, 3])
def test_a_narrow_beam_is_the_search_that_the_definition_describes(width):
    model, length = tiny("gru", seed=8), 6
    beginnings = [()]
    for _ in range(length):
        longer = [(*one, token) for one in beginnings for token in range(TOKENS)]
        longer.sort(key=lambda text: -log_probability(model, PROMPT, text))
        beginnings = longer[:width]
    tree = beam_search(model, PROMPT, length, width)
    assert [tuple(tree.tokens(beam)) for beam in tree.beams] == beginnings


def test_a_width_of_one_is_greedy():
    model = tiny("lstm", seed=4)
    tree = beam_search(model, PROMPT, 9, 1)
    greedy = write(model, PROMPT, 9, Filters(temperature=0))
    (beam,) = tree.beams
    assert tree.tokens(beam) == greedy.ids[2:].tolist()
    assert tree.nodes[beam].total == pytest.approx(greedy.written_log_probability, rel=1e-10)


def test_a_wider_beam_can_beat_greedy_and_some_seed_shows_it():
    gains = []
    for seed in range(12):
        model = tiny("gru", seed=seed)
        one, four = beam_search(model, PROMPT, 6, 1), beam_search(model, PROMPT, 6, 4)
        gains.append(four.nodes[four.beams[0]].total - one.nodes[one.beams[0]].total)
    assert max(gains) > 0.01


def test_the_tree_is_whole():
    tree = beam_search(tiny(), PROMPT, 5, 3, shown=4)
    kept = [sum(node.kept for node in tree.nodes if node.depth == depth) for depth in range(1, 6)]
    assert kept == [3, 3, 3, 3, 3]
    for place, node in enumerate(tree.nodes):
        assert node.parent < place
        before = tree.nodes[node.parent] if node.parent >= 0 else None
        assert node.depth == (before.depth + 1 if before else 1)
        assert node.total == pytest.approx((before.total if before else 0) + node.log_probability)
        assert before is None or before.kept
        children = [other for other in tree.nodes if other.parent == place]
        assert len(children) == (4 if node.kept and node.depth < 5 else 0)
        assert len({child.token for child in children}) == len(children)
    assert all(tree.nodes[beam].kept for beam in tree.beams)
    assert [len(tree.path(beam)) for beam in tree.beams] == [5, 5, 5]


@pytest.mark.parametrize(
    ("prompt", "length", "width", "message"),
    [([], 2, 2, "at least one token"), ([1], 0, 2, "length is 0"), ([1], 2, 0, "width 0")],
)
def test_what_cannot_be_searched_is_refused(prompt, length, width, message):
    with pytest.raises(ValueError, match=message):
        beam_search(tiny(), prompt, length, width)


def test_repetition_is_the_share_of_runs_seen_before():
    assert repetition("abcdefgh") == 0
    assert repetition("abab", run=2) == pytest.approx(1 / 3)
    assert repetition("aaaaaaaa", run=4) == pytest.approx(4 / 5)
    assert repetition("abc", run=4) == 0
    with pytest.raises(ValueError, match="run is 0"):
        repetition("abc", run=0)
