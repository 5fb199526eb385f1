"""The English of our own obeys its rules; each is checked without the generator."""

import re

import pytest

from core.tasks import grammar_text
from core.tasks.grammar import LINE, NOUNS

TEXT = grammar_text(60_000, seed=11)
FLAT = TEXT.replace("\n", " ")
SENTENCES = re.findall(r"[^.]+\.", FLAT)
PLURAL = {plural for _, plural in NOUNS}


def test_the_same_seed_gives_the_same_text_and_another_seed_another():
    assert grammar_text(500, seed=4) == grammar_text(500, seed=4)
    assert grammar_text(500, seed=4)[:400] != grammar_text(500, seed=5)[:400]


def test_it_is_as_long_as_asked_for_and_ends_after_a_sentence():
    assert 60_000 <= len(TEXT) < 60_000 * 1.05  # between sentences there is one character more
    assert TEXT.endswith((". ", ".\n"))


def test_too_few_characters_are_refused():
    with pytest.raises(ValueError, match="characters is 0"):
        grammar_text(0, seed=1)


def test_brackets_balance_within_each_sentence_and_nest_three_deep():
    deepest = 0
    for sentence in SENTENCES:
        marks = re.sub(r"[^()\[\]]", "", sentence)
        depth = 0
        while "()" in marks or "[]" in marks:
            marks = marks.replace("()", "").replace("[]", "")
            depth += 1
        assert marks == "", sentence
        deepest = max(deepest, depth)
    assert deepest >= 2
    assert "([" not in FLAT  # a bracket never opens without a word before it
    assert re.search(r"\([^()\[\]]*\[[^()\[\]]*\(", FLAT), "no aside is three deep"


def test_quotes_balance_and_hold_the_first_person():
    for sentence in SENTENCES:
        assert sentence.count('"') in (0, 2)
    quoted = re.findall(r'"([^"]*)"', FLAT)
    assert len(quoted) > 100
    assert all(re.match(r"(I|we) ", words) for words in quoted)
    assert not re.search(r"\b(I|we)\b", re.sub(r'"[^"]*"', "", FLAT))


def test_every_counted_list_has_as_many_items_as_its_number_says():
    lists = re.findall(r"\((\d+): ([a-z ]+)\)", FLAT)
    assert {int(number) for number, _ in lists} == set(range(1, 10))
    for number, items in lists:
        assert len(items.split()) == int(number)
        assert len(set(items.split())) == 1


def test_verbs_agree_with_their_subject_across_an_aside():
    """Subject: the sentence's first noun. Verb: the first word after it outside brackets."""
    singular = {one for one, _ in NOUNS}
    across = 0
    for sentence in SENTENCES:
        bare = sentence
        while "(" in bare or "[" in bare:
            bare = re.sub(r" ?[(\[][^()\[\]]*[)\]]", "", bare)
        words = re.sub(r'".*', "", bare).strip(" .").split()
        nouns = [place for place, word in enumerate(words) if word in PLURAL | singular]
        named = words[0] not in ("The", "One")
        place = 0 if named else nouns[0]
        plural = not named and words[place] in PLURAL
        assert words[place + 1].endswith("s") != plural, sentence
        across += "(" in sentence
    assert across > 100


def test_lines_end_with_the_sentence_that_fills_them():
    *lines, _ = TEXT.split("\n")
    for line in lines:
        assert len(line) >= LINE
        *before, _ = re.findall(r"[^.]+\.", line)
        assert len("".join(before)) < LINE


def test_every_letter_occurs_so_that_any_english_word_can_be_typed():
    import string

    assert set(string.ascii_letters) <= set(grammar_text(200_000, seed=1))
