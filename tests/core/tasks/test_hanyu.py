"""The Chinese of our own obeys its rules; each is checked without the generator."""

import re

import pytest

from core.tasks import hanyu_text
from core.tasks.hanyu import LINE, THINGS

TEXT = hanyu_text(60_000, seed=12)
FLAT = TEXT.replace("\n", "")
NUMBER = {numeral: place + 1 for place, numeral in enumerate("一两三四五六七八九")}


def test_the_same_seed_gives_the_same_text_and_another_seed_another():
    assert hanyu_text(500, seed=4) == hanyu_text(500, seed=4)
    assert hanyu_text(500, seed=4)[:400] != hanyu_text(500, seed=5)[:400]


def test_too_few_characters_are_refused():
    with pytest.raises(ValueError, match="characters is -3"):
        hanyu_text(-3, seed=1)


@pytest.mark.parametrize("pairs", [("（）", "〔〕"), ("「」", "『』")])
def test_brackets_and_quotes_balance_and_nest_in_their_order(pairs):
    outer, inner = pairs
    marks = re.sub(f"[^{outer}{inner}]", "", FLAT)
    assert f"{outer[0]}{inner}{outer[1]}" in marks
    assert re.fullmatch(f"({outer[0]}({inner})?{outer[1]})+", marks)


def test_every_sound_is_heard_as_often_as_the_numeral_says():
    counted = re.findall(r"了([一两三四五六七八九])[声下]：(.)(\2*)。", FLAT)
    assert {numeral for numeral, _, _ in counted} == set(NUMBER)
    for numeral, _, others in counted:
        assert 1 + len(others) == NUMBER[numeral]
    assert len(counted) == len(re.findall(r"[声下]：", FLAT))


def test_two_before_a_measure_word_is_liang():
    assert "二" not in FLAT


def test_measure_words_fit_their_nouns_across_an_adjective():
    fits = {measure: nouns for measure, nouns, _ in THINGS}
    end = "。（〔」』）〕"
    counted = re.findall(
        rf"[一两三四五六七八九]([只条本朵棵杯把])(?:[^{end}]*?的)?([^{end}]+)", FLAT
    )
    assert len(counted) > 1000
    for measure, noun in counted:
        assert noun in fits[measure], (measure, noun)


def test_quotes_hold_pronouns_or_another_quote():
    inside = re.findall(r"[「『](.)", FLAT)
    assert len(inside) > 300
    innermost = re.findall(r"[「『]([^「『」』]*)[」』]", FLAT)
    assert all(words.startswith(("我", "你", "他", "她")) for words in innermost)


def test_lines_break_after_the_sentence_that_fills_them():
    *lines, _ = TEXT.split("\n")
    for line in lines:
        assert len(line) >= LINE
        assert line.endswith(("。", "」"))
        *before, _ = re.findall(r"[^。]+。(?:』。)?[」』。]*", line)
        assert len("".join(before)) < LINE
