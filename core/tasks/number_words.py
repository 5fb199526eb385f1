"""English phrases for numbers and their Chinese numerals: "three hundred and five", 三百零五.

English counts in thousands, Chinese in ten thousands (万) and hundred millions (亿), so a network
has to regroup the digits: "twelve million" is 一千二百万, 1200 times ten thousand.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from typing import Literal

Part = Literal["train", "validation", "test"]
DIGITS = 9  # of the largest number
SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ("", "thousand", "million", "billion")
WORDS = (*SMALL, *TENS[2:], "hundred", *SCALES[1:], "and", "a")
HAN = "零一二三四五六七八九"
HAN_PLACES = ("", "十", "百", "千")
HAN_SCALES = ("", "万", "亿")


def english(number: int, *, joined: bool = True, article: bool = False) -> str:
    """``number`` in words, below a million millions.

    joined: British "three hundred and five", else American "three hundred five".
    article: "a hundred" for "one hundred" at the beginning.
    Raises ValueError for a number out of range.
    """
    if not 0 <= number < 1000 ** len(SCALES):
        raise ValueError(f"number is {number}; expected 0 to {1000 ** len(SCALES) - 1}.")
    if number == 0:
        return SMALL[0]
    parts = []
    for power in reversed(range(len(SCALES))):
        group = number // 1000**power % 1000
        if group:
            small = joined and power == 0 and group < 100 and number > 100
            words = "and " * small + _below_thousand(group, joined)
            parts.append(f"{words} {SCALES[power]}".strip())
    text = " ".join(parts)
    if article and text.startswith("one ") and text.split()[1] in ("hundred", *SCALES):
        return f"a{text.removeprefix('one')}"
    return text


def chinese(number: int) -> str:
    """``number`` in Chinese numerals: 二 everywhere (never 两), and 零 where places are skipped.

    The rules of 零: once between two digits of a group of four however many zeros lie between,
    never at the end of a group, and between groups where the lower one has fewer than four
    digits. A ten at the very beginning is 十 and not 一十. Below ten thousand times 亿.
    Raises ValueError for a number out of range.
    """
    if not 0 <= number < 10_000 ** len(HAN_SCALES):
        raise ValueError(f"number is {number}; expected 0 to {10_000 ** len(HAN_SCALES) - 1}.")
    if number == 0:
        return HAN[0]
    written = ""
    for power in reversed(range(len(HAN_SCALES))):
        group = number // 10_000**power % 10_000
        if not group:
            continue
        above = number // 10_000 ** (power + 1)
        skipped = above and (group < 1000 or above % 10_000 == 0)
        written += HAN[0] * bool(skipped) + _four(group) + HAN_SCALES[power]
    return written[1:] if written.startswith("一十") else written


def words_of(phrase: str) -> list[str]:
    """The tokens of an English phrase: words in lower case; a hyphen joins as a space does."""
    return phrase.lower().replace("-", " ").replace(",", " ").split()


def part_of(number: int) -> Part:
    """Whether this number is learned from (80%), validated on (10%) or kept for the test.

    What is below a hundred is always learned from: nobody can guess a word never heard.
    """
    if number < 100:
        return "train"
    share = zlib.crc32(str(number).encode()) % 10
    return "test" if share == 0 else "validation" if share == 1 else "train"


def draw_number(draw: random.Random, part: Part) -> int:
    """A number of that part: every count of digits alike, and zeros more often than by chance."""
    while True:
        length = draw.randint(1, DIGITS)
        zeros = draw.choice((0.1, 0.1, 0.5, 0.8))
        digits = [draw.randint(1 if length > 1 else 0, 9)]
        digits += [0 if draw.random() < zeros else draw.randint(0, 9) for _ in range(length - 1)]
        number = int("".join(map(str, digits)))
        if part_of(number) == part:
            return number


def draw_pair(draw: random.Random, part: Part) -> tuple[str, str]:
    """A number of that part in English words and in Chinese numerals."""
    number = draw_number(draw, part)
    joined, article = draw.random() < 0.7, draw.random() < 0.3
    return english(number, joined=joined, article=article), chinese(number)


def number_pairs(count: int, *, seed: int, part: Part = "train") -> Sequence[tuple[str, str]]:
    """``count`` pairs of an English phrase and Chinese numerals, the same for the same arguments.

    Raises ValueError for fewer than 1.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected at least 1 pair.")
    draw = random.Random(f"numbers {part} {seed}")
    return [draw_pair(draw, part) for _ in range(count)]


def _below_thousand(group: int, joined: bool) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        words += ["and"] * bool(joined and hundreds) + [_below_hundred(rest)]
    return " ".join(words)


def _below_hundred(number: int) -> str:
    if number < len(SMALL):
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{SMALL[ones]}" if ones else "")


def _four(group: int) -> str:
    """A number of up to four digits, without the zeros at its end."""
    written, skipped = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            skipped = bool(written)
            continue
        written += HAN[0] * skipped + HAN[digit] + HAN_PLACES[place]
        skipped = False
    return written
