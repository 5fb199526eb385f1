"""English phrases and Chinese numerals: each read back by rules of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tasks.number_reading import read_chinese, read_english
from core.tasks.number_words import chinese, english, number_pairs, part_of

KNOWN = {
    0: ("zero", "零"),
    10: ("ten", "十"),
    15: ("fifteen", "十五"),
    20: ("twenty", "二十"),
    105: ("one hundred and five", "一百零五"),
    110: ("one hundred and ten", "一百一十"),
    1001: ("one thousand and one", "一千零一"),
    10_000: ("ten thousand", "一万"),
    10_500: ("ten thousand five hundred", "一万零五百"),
    100_500: ("one hundred thousand five hundred", "十万零五百"),
    105_000: ("one hundred and five thousand", "十万五千"),
    12_000_000: ("twelve million", "一千二百万"),
    100_000_005: ("one hundred million and five", "一亿零五"),
    100_050_000: ("one hundred million fifty thousand", "一亿零五万"),
    1_000_000_000: ("one billion", "十亿"),
}


@pytest.mark.parametrize("number", KNOWN)
def test_known_numbers(number):
    assert (english(number), chinese(number)) == KNOWN[number]


@given(st.integers(0, 999_999_999_999), st.booleans(), st.booleans())
def test_english_and_chinese_are_read_back_as_the_number(number, joined, article):
    assert read_chinese(chinese(number)) == number
    assert read_english(english(number, joined=joined, article=article)) == number


@given(st.integers(0, 999_999_999_999))
def test_zero_stands_once_where_places_are_skipped_and_never_at_the_end(number):
    text = chinese(number)
    assert "零零" not in text
    assert number == 0 or not re.search("零($|[万亿])", text)
    assert not text.startswith("一十")
    digits = str(number)
    # within a group of four, zeros between two digits are exactly what is skipped
    groups = [digits[max(0, end - 4) : end] for end in range(len(digits), 0, -4)]
    inside = sum(len(re.findall(r"(?<=[1-9])0+(?=[1-9])", group)) for group in groups)
    between = sum(
        1
        for place, group in enumerate(groups[:-1])
        if int(group) and (group[0] == "0" or int(groups[place + 1]) == 0)
    )
    assert number == 0 or text.count("零") == inside + between


def test_every_pair_means_the_same_number():
    pairs = number_pairs(4000, seed=2)
    assert all(read_english(phrase) == read_chinese(signs) for phrase, signs in pairs)
    assert {len(str(read_english(phrase))) for phrase, _ in pairs} == set(range(1, 10))


def test_no_held_out_number_is_ever_learned_from():
    def numbers(part, count):
        return {read_english(phrase) for phrase, _ in number_pairs(count, seed=1, part=part)}

    learned = numbers("train", 20_000)
    for part in ("validation", "test"):
        asked = numbers(part, 2000)
        assert not learned & asked
        assert {part_of(number) for number in asked} == {part}


@pytest.mark.parametrize(
    "phrase",
    ["", "hello", "three cats", "hundred", "five four", "one thousand two thousand",
     "twenty eleven", "zero five", "one million two million", "and"],
)  # fmt: skip
def test_what_is_no_number_has_no_truth(phrase):
    assert read_english(phrase) is None


def test_signs_that_are_no_numerals_have_no_value():
    assert read_chinese("三只猫") is None
    assert read_chinese("") is None


def test_numbers_out_of_range_are_refused():
    for write in (english, chinese):
        for number in (-1, 10**12):
            with pytest.raises(ValueError, match="expected 0 to 999999999999"):
                write(number)
    with pytest.raises(ValueError, match="count is 0"):
        number_pairs(0, seed=1)
