"""Dates in many spellings, and the one in which they are to be written: 1998-03-03.

A spelling is put together from parts: an order, and a way to write day, month, year and weekday.
Some combinations are held out, and so are some dates: a network that is tested on both has to
have understood the parts. What even people cannot read without knowing the country, such as
3/4/1998, is left out.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Literal

from core.tasks.date_parts import (
    day_written,
    has_short_year,
    month_written,
    weekday_written,
    year_written,
)

Part = Literal["train", "validation", "test"]
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
NAMED, NUMERIC, CHINESE = "named", "numeric", "chinese"
FAMILIES = {NAMED: 0.55, NUMERIC: 0.2, CHINESE: 0.25}  # how often each is drawn

_NAMES = ("long", "short", "dotted")
_DAYS = ("plain", "ordinal", "word")
_YEARS = ("full", "two", "apostrophe")
_WEEKDAYS = ("none", "long", "short")
_DIGITS = ("plain", "padded")
_BIG_ENDIAN = ("{y}-{m}-{d}", "{y}/{m}/{d}", "{y}.{m}.{d}")
_HAN_ORDERS = ("{y}年{m}月{d}日", "{y}年{m}月{d}号")
# family, order, and the ways to write day, month, year and weekday that go together with it
_GROUPS: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (
        NAMED,
        ("{d} {m} {y}", "{d} {m}, {y}", "{m} {d}, {y}", "{m} {d} {y}"),
        (_DAYS, _NAMES, _YEARS, _WEEKDAYS),
    ),
    (
        NAMED,
        ("the {d} of {m} {y}", "{d} of {m} {y}", "{m} the {d}, {y}"),
        (_DAYS[1:], _NAMES[:2], _YEARS, _WEEKDAYS),
    ),
    (NAMED, ("{d}-{m}-{y}",), (_DIGITS, ("long", "short"), ("full", "two"), ("none",))),
    (NAMED, ("{y} {m} {d}", "{y}, {m} {d}"), (_DAYS, _NAMES, ("full",), _WEEKDAYS)),
    (NUMERIC, ("{d}.{m}.{y}", "{d}. {m}. {y}"), (_DIGITS, _DIGITS, ("full", "two"), _WEEKDAYS)),
    (NUMERIC, _BIG_ENDIAN, (_DIGITS, _DIGITS, ("full",), _WEEKDAYS)),
    (NUMERIC, ("{y}{m}{d}",), (("padded",), ("padded",), ("full",), ("none",))),
    (
        CHINESE,
        _HAN_ORDERS,
        (_DIGITS, _DIGITS, ("full", "two"), ("none", "han")),
    ),
    (CHINESE, _HAN_ORDERS, (("han",), ("han",), ("han",), ("none", "han"))),
)  # fmt: skip


@dataclass(frozen=True)
class Spelling:
    """One way to write dates; see ``core.tasks.date_parts`` for the styles."""

    family: str
    order: str
    day: str
    month: str
    year: str
    weekday: str

    @property
    def name(self) -> str:
        """A name for it that says everything."""
        return "|".join((self.order, self.day, self.month, self.year, self.weekday))

    @property
    def held_out(self) -> bool:
        """Whether this combination is kept for the test."""
        return zlib.crc32(self.name.encode()) % 5 == 0 and self.order != "{y}{m}{d}"

    def fits(self, day: date) -> bool:
        """Whether it can say which year is meant."""
        return self.year in ("full", "han") or has_short_year(day)

    def write(self, day: date) -> str:
        """The date in this spelling, in lower case."""
        text = self.order.format(
            d=day_written(day, self.day),
            m=month_written(day, self.month),
            y=year_written(day, self.year),
        )
        weekday = weekday_written(day, self.weekday)
        if not weekday:
            return text
        if self.family == CHINESE:
            return text + weekday
        return f"{weekday}{',' * (self.weekday == 'long')} {text}"


@cache
def spellings(*, held_out: bool, family: str | None = None) -> tuple[Spelling, ...]:
    """Every spelling that is learned from, or every one that is kept for the test."""
    return tuple(
        spelling
        for kind, orders, ways in _GROUPS
        for order, *styles in product(orders, *ways)
        if family in (None, kind)
        and (spelling := Spelling(kind, order, *styles)).held_out == held_out
    )


def part_of(day: date) -> Part:
    """Whether this date is learned from (90%), validated on (5%) or kept for the test (5%)."""
    share = zlib.crc32(day.isoformat().encode()) % 20
    return "test" if share == 0 else "validation" if share == 1 else "train"


def draw_date(draw: random.Random, part: Part) -> date:
    """A date of that part, every one alike."""
    while True:
        day = date.fromordinal(draw.randint(FIRST.toordinal(), LAST.toordinal()))
        if part_of(day) == part:
            return day


def draw_pair(draw: random.Random, part: Part, *, held_out: bool) -> tuple[str, str]:
    """A date of that part in one of the spellings, and the same as YYYY-MM-DD."""
    family = draw.choices(list(FAMILIES), list(FAMILIES.values()))[0]
    spelling = draw.choice(spellings(held_out=held_out, family=family))
    while True:
        day = draw_date(draw, part)
        if spelling.fits(day):
            return spelling.write(day), day.isoformat()


def date_pairs(
    count: int, *, seed: int, part: Part = "train", held_out: bool = False
) -> Sequence[tuple[str, str]]:
    """``count`` pairs of a spelled date and its ISO form, the same for the same arguments.

    part: which dates. held_out: the spellings that are learned from, or those that are not.
    Raises ValueError for fewer than 1.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected at least 1 pair.")
    draw = random.Random(f"dates {part} {held_out} {seed}")
    return [draw_pair(draw, part, held_out=held_out) for _ in range(count)]
