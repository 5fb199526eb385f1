"""Schemes of tags: the same phrases, however they are marked."""

from __future__ import annotations

import random

import pytest

from core.tasks.chunks import Chunk, chunks
from core.tasks.tag_schemes import recognise

PHRASES = [Chunk("to", 0, 1), Chunk("to", 1, 4), Chunk("from", 5, 7), Chunk("to", 7, 8)]
LENGTH = 9


def marked(phrases: list[Chunk], length: int, scheme: str) -> list[str]:
    """Tags of phrases, written from the definition of each scheme."""
    letters = {"BMES": "BMES", "BILOU": "BILU", "IOBES": "BIES", "IOB2": "BIIB", "IOB1": "?IIB"}
    first, inner, last, single = letters[scheme]
    tags = ["O"] * length
    for number, (kind, start, stop) in enumerate(phrases):
        before = phrases[number - 1] if number else None
        touches = before is not None and before.kind == kind and before.stop == start
        for at in range(start, stop):
            letter = first if at == start else last if at == stop - 1 else inner
            if stop - start == 1:
                letter = single
            if scheme == "IOB1" and at == start:
                letter = "B" if touches else "I"
            tags[at] = f"{letter}-{kind}"
    return tags


@pytest.mark.parametrize("scheme", ["BMES", "BILOU", "IOBES", "IOB2", "IOB1"])
def test_every_scheme_is_recognised_and_keeps_the_phrases(scheme: str) -> None:
    found = recognise([marked(PHRASES, LENGTH, scheme)])
    assert found.name == scheme
    assert chunks(found.convert(marked(PHRASES, LENGTH, scheme))) == PHRASES


@pytest.mark.parametrize("scheme", ["BMES", "BILOU", "IOBES", "IOB2", "IOB1"])
def test_random_phrases(scheme: str) -> None:
    draw = random.Random(0)
    sentences = []
    for _ in range(200):
        phrases, at = [], 0
        while at < 12:
            length = draw.randint(1, 4)
            if draw.random() < 0.6:
                phrases.append(Chunk(draw.choice("ab"), at, at + length))
            at += length
        sentences.append((phrases, marked(phrases, at, scheme)))
    found = recognise([tags for _, tags in sentences])
    assert found.name == scheme
    for phrases, tags in sentences:
        assert chunks(found.convert(tags)) == phrases


def test_kinds_without_letters_are_runs_and_classes_are_single_tokens() -> None:
    found = recognise([["O", "PERSON", "PERSON", "O", "CITY"]])
    assert found.name == "IO"
    assert found.convert(["PERSON", "PERSON", "CITY", "O"]) == [
        "B-PERSON",
        "I-PERSON",
        "B-CITY",
        "O",
    ]
    speech = recognise([["DET", "NOUN"], ["VERB"]])
    assert speech.name == "tags"
    assert speech.convert(["DET", "NOUN"]) == ["S-DET", "S-NOUN"]


def test_only_outside_is_no_phrase_at_all() -> None:
    assert recognise([["O", "O"]]).convert(["O", "O"]) == ["O", "O"]


def test_tags_with_and_without_letters_together_are_refused() -> None:
    with pytest.raises(ValueError, match="The tag is 'NOUN'; expected O, or B-"):
        recognise([["B-x", "NOUN"]])
