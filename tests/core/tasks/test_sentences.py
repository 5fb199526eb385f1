"""Drawing sentences and setting them in lines."""

from core.tasks.sentences import in_lines, sentences


def test_lines_end_with_the_sentence_that_fills_them():
    assert in_lines(["abc.", "de.", "fghijk.", "l."], 7, between=" ") == "abc. de.\nfghijk.\nl. "
    assert in_lines(["甲乙。", "丙。", "丁。"], 5, between="") == "甲乙。丙。\n丁。"


def test_sentences_are_drawn_until_there_are_enough_characters():
    drawn = sentences(lambda draw: draw.choice(["ab", "cde"]), 40, seed=1)
    assert sum(map(len, drawn[:-1])) < 40 <= sum(map(len, drawn))
    assert drawn == sentences(lambda draw: draw.choice(["ab", "cde"]), 40, seed=1)
    assert set(drawn) == {"ab", "cde"}
