"""Phrases and their F1, against seqeval."""

import random

import pytest

from core.tasks.chunks import Chunk, chunks, compare, split_tag


def test_phrases_of_a_sentence():
    tags = ["O", "B-to", "I-to", "B-to", "O", "I-time", "I-from", "E-from", "S-to", "I-to"]
    assert chunks(tags) == [
        Chunk("to", 1, 3),
        Chunk("to", 3, 4),
        Chunk("time", 5, 6),
        Chunk("from", 6, 8),
        Chunk("to", 8, 9),
        Chunk("to", 9, 10),
    ]
    assert chunks([]) == []


def test_the_score_by_hand():
    right = [["B-a", "I-a", "O", "B-b"], ["B-a", "O"]]
    found = [["B-a", "I-a", "B-b", "O"], ["B-a", "O"]]
    score = compare(right, found)
    assert (score.precision, score.recall) == (2 / 3, 2 / 3)
    assert score.f1 == pytest.approx(2 / 3)
    assert compare([["O"]], [["O"]]).f1 == 0


@pytest.mark.parametrize("prefixes", ["BI", "BIES"])
def test_phrases_and_score_are_those_of_seqeval(prefixes):
    metrics = pytest.importorskip("seqeval.metrics")
    from seqeval.metrics.sequence_labeling import get_entities

    draw = random.Random(4)
    tags = ["O", *(f"{prefix}-{kind}" for prefix in prefixes for kind in ("x", "y", "z-1"))]

    def sentence(length):
        return draw.choices(tags, k=length)

    lengths = [draw.randint(1, 12) for _ in range(400)]
    right, found = ([sentence(length) for length in lengths] for _ in range(2))
    for one in right:
        assert sorted(chunks(one)) == sorted((k, a, b + 1) for k, a, b in get_entities(one))
    ours = compare(right, found)
    assert ours.f1 == pytest.approx(metrics.f1_score(right, found), abs=1e-12)
    assert ours.precision == pytest.approx(metrics.precision_score(right, found), abs=1e-12)
    assert ours.recall == pytest.approx(metrics.recall_score(right, found), abs=1e-12)


@pytest.mark.parametrize("tag", ["", "B", "B-", "X-a", "o", "NOUN"])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(ValueError, match="expected O, or B-"):
        split_tag(tag)


def test_sentences_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one for every token"):
        compare([["O", "O"]], [["O"]])
    with pytest.raises(ValueError, match=r"shorter|longer"):
        compare([["O"], ["O"]], [["O"]])
