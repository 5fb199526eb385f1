"""Spelled dates: read back by rules that know nothing of the speller, and held apart."""

import re
from datetime import date, timedelta

import pytest

from core.tasks.date_reading import read_date
from core.tasks.dates import FIRST, LAST, date_pairs, part_of, spellings

EVERY = (*spellings(held_out=False), *spellings(held_out=True))
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_every_label_is_the_date_that_the_text_means(part, held_out):
    for text, iso in date_pairs(2000, seed=3, part=part, held_out=held_out):
        day = date.fromisoformat(iso)
        assert FIRST <= day <= LAST
        assert read_date(text) == day, text


def test_digits_in_the_text_are_those_of_the_date():
    """Without any parser: the numbers that can be seen are among day, month and year."""
    for text, iso in date_pairs(3000, seed=4, held_out=False):
        day = date.fromisoformat(iso)
        seen = {int(number) for number in re.findall(r"\d+", text) if len(number) < 8}
        assert seen <= {day.day, day.month, day.year, day.year % 100}, text
        for month in re.findall("|".join(MONTHS), re.sub(r"^(mon|second)\w*", "", text)):
            assert MONTHS.index(month) + 1 == day.month, text


def test_the_weekday_is_the_right_one():
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for text, iso in date_pairs(3000, seed=5):
        if (found := re.match(r"(mon|tue|wed|thu|fri|sat|sun)", text)) is not None:
            assert names[date.fromisoformat(iso).weekday()] == found[1]
        if (sign := re.search("星期(.)", text)) is not None:
            assert "一二三四五六日".index(sign[1]) == date.fromisoformat(iso).weekday()


def test_no_held_out_date_or_spelling_is_ever_learned_from():
    learned = {iso for _, iso in date_pairs(20_000, seed=0)}
    asked = {
        iso for part in ("validation", "test") for _, iso in date_pairs(2000, seed=0, part=part)
    }
    assert not learned & asked
    first, second = (set(spellings(held_out=flag)) for flag in (False, True))
    assert not first & second
    assert len(second) > 50


def test_every_part_of_a_held_out_spelling_is_learned_in_other_company():
    learned = spellings(held_out=False)
    for part in ("order", "day", "month", "year", "weekday"):
        known = {(one.family, getattr(one, part)) for one in learned}
        assert {(one.family, getattr(one, part)) for one in spellings(held_out=True)} <= known


def test_each_date_belongs_to_one_part_and_the_shares_are_as_said():
    days = [FIRST + timedelta(days=n) for n in range(0, 73_000, 7)]
    shares = {part: sum(part_of(day) == part for day in days) / len(days)
              for part in ("train", "validation", "test")}  # fmt: skip
    assert shares["train"] == pytest.approx(0.9, abs=0.01)
    assert shares["test"] == pytest.approx(0.05, abs=0.01)


def test_two_spellings_never_write_two_dates_alike():
    seen = {}
    for text, iso in date_pairs(40_000, seed=8):
        assert seen.setdefault(text, iso) == iso, text


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3 March 1998", "1998-03-03"),
        ("Mar 3rd, '98", "1998-03-03"),
        ("the third of March 1998", "1998-03-03"),
        ("03.03.1998", "1998-03-03"),
        ("1998年3月3日", "1998-03-03"),
        ("二〇二四年二月二十九日", "2024-02-29"),
        ("5.6.49", "2049-06-05"),
        ("5.6.50", "1950-06-05"),
        ("Tuesday, December the twenty-first, 2010", "2010-12-21"),
    ],
)
def test_known_dates(text, iso):
    assert read_date(text) == date.fromisoformat(iso)


@pytest.mark.parametrize(
    "text", ["", "hello", "3/4/1998", "31 February 1998", "29.2.1999", "may", "1 2 3", "二〇二四年"]
)
def test_what_is_no_date_or_two_dates_has_no_truth(text):
    assert read_date(text) is None


def test_the_same_seed_gives_the_same_pairs():
    assert date_pairs(50, seed=1) == date_pairs(50, seed=1) != date_pairs(50, seed=2)
    with pytest.raises(ValueError, match="count is 0"):
        date_pairs(0, seed=1)


def test_every_spelling_can_be_written():
    day = date(1998, 3, 3)
    texts = {one.write(day) for one in EVERY}
    assert {"3 march 1998", "19980303", "1998年3月3日", "一九九八年三月三日"} <= texts
    assert all(read_date(text) == day for text in texts)
