"""What date a text means, by rules alone: the truth for what somebody types in."""

from __future__ import annotations

import re
from datetime import date

from core.tasks.date_parts import HAN, MONTHS, ORDINALS, PIVOT, TENS

_MONTH = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_HAN_DIGITS = {sign: number for number, sign in enumerate(HAN)}
_WORDS = {word: number for number, word in enumerate(ORDINALS, 1)} | {
    f"{tens}-{word}": 10 * ten + number
    for ten, tens in TENS.items()
    for number, word in enumerate(ORDINALS[:9], 1)
}
_WORDS["thirtieth"] = 30
_WEEKDAY = re.compile(
    r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[.,]?\s+|\s*(星期|周)[一二三四五六日天]$"
)
_NUMERIC = (
    re.compile(r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>[\d〇零一二三四五六七八九]+)年(?P<m>[\d一二三四五六七八九十]+)月"
               r"(?P<d>[\d一二三四五六七八九十]+)[日号]"),
)  # fmt: skip


def read_date(text: str) -> date | None:
    """The date that ``text`` means; None where the rules do not know, or there is no such day.

    A weekday is passed over, also a wrong one. Two digits of a year are one of 1950 to 2049.
    """
    bare = _WEEKDAY.sub("", text.strip().lower())
    for pattern in _NUMERIC:
        if found := pattern.fullmatch(bare):
            year, month, day = (_value(found[part]) for part in "ymd")
            return _made(year, month, day, len(found["y"]))
    return _named(bare)


def _named(text: str) -> date | None:
    """A date with the name of its month: which of the other two is the day shows in its form."""
    words = [word for word in re.split(r"[\s,]+", text) if word not in ("", "the", "of")]
    if len(words) == 1 and words[0].count("-") == 2:
        words = words[0].split("-")
    months = [word for word in words if _is_month(word)]
    if len(words) != 3 or len(months) != 1:
        return None
    month = _MONTH[months[0][:3]]
    first, second = (word for word in words if word is not months[0])
    if re.fullmatch(r"\d{4}", first):  # the year comes first only in full
        first, second = second, first
    day, year = _day(first), second.removeprefix("'")
    if day is None or not re.fullmatch(r"\d{4}|\d\d", year):
        return None
    return _made(int(year), month, day, len(year))


def _is_month(word: str) -> bool:
    bare = word.removesuffix(".")
    return bare in MONTHS or (bare in _MONTH)


def _day(word: str) -> int | None:
    if word in _WORDS:
        return _WORDS[word]
    found = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", word)
    return int(found[1]) if found else None


def _value(digits: str) -> int:
    """A number in our digits or in Chinese ones: 12, 十二, 二十一, 一九九八."""
    if digits.isascii():
        return int(digits)
    if "十" not in digits:
        return int("".join(str(_HAN_DIGITS.get(sign, sign if sign.isdigit() else 0))
                           for sign in digits))  # fmt: skip
    tens, _, ones = digits.partition("十")
    return 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)


def _made(year: int, month: int, day: int, written: int) -> date | None:
    if written == 2:
        year += 100 * (PIVOT // 100) if year >= PIVOT % 100 else 100 * (PIVOT // 100 + 1)
    elif written != 4:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
