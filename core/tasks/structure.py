"""What a text has to be remembered for: the quantities that a unit may turn out to follow."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

OPENING = dict(zip("([{（〔【［", ")]}）〕】］"))
QUOTES = {"「": "」", "『": "』", "“": "”", "‘": "’"}
NUMERALS = {"一": 1, "两": 2, "二": 2} | dict(zip("三四五六七八九", range(3, 10)))
ENGLISH_COUNT = re.compile(r"\((?P<number>[1-9]):(?P<items>(?:\s[a-z]+)*)")
CHINESE_COUNT = re.compile(
    r"(?P<number>[一二两三四五六七八九])[声下]：(?P<items>(?P<sound>[^「『\n。])(?P=sound)*)"
)


@dataclass(frozen=True)
class Structure:
    """One value for each character of a text, all after that character was read.

    bracket_depth: how many brackets are open.
    quote_depth: how many quotes are open (0 or 1 for the straight quote).
    remaining: in a counted list, how many of its items are still to come.
    column: how many characters the line holds, the line break itself counting 0.
    """

    bracket_depth: np.ndarray
    quote_depth: np.ndarray
    remaining: np.ndarray
    column: np.ndarray


def structure(text: str) -> Structure:
    """Bracket depth, quote depth, remaining items and column of every character.

    English and Chinese marks are understood, and a closing mark that fits nothing open is
    passed over. Each array has shape (len(text),).
    """
    return Structure(*_depths(text), _remaining(text), _columns(text))


def _depths(text: str) -> tuple[np.ndarray, np.ndarray]:
    brackets, quotes = np.zeros(len(text)), np.zeros(len(text))
    open_brackets: list[str] = []
    open_quotes: list[str] = []
    for place, mark in enumerate(text):
        for awaited, pairs in ((open_brackets, OPENING), (open_quotes, QUOTES | {'"': '"'})):
            if awaited and awaited[-1] == mark:
                awaited.pop()
            elif mark in pairs:
                awaited.append(pairs[mark])
        brackets[place], quotes[place] = len(open_brackets), len(open_quotes)
    return brackets, quotes


def _remaining(text: str) -> np.ndarray:
    left = np.zeros(len(text))
    for found in ENGLISH_COUNT.finditer(text):
        number, start = int(found["number"]), found.start("number")
        items = [start + 2 + item.end() for item in re.finditer(r"\s[a-z]+", found["items"])]
        _count_down(left, start, number, items)
    for found in CHINESE_COUNT.finditer(text):
        number, start = NUMERALS[found["number"]], found.start("number")
        first = found.start("items")
        items = [first + item + 1 for item in range(len(found["items"]))]
        _count_down(left, start, number, items)
    return left


def _count_down(left: np.ndarray, start: int, number: int, ends: list[int]) -> None:
    """Write what is left from the numeral on; ``ends`` are the places after each item."""
    for end in ends:
        left[start : end - 1] = number
        start, number = end - 1, max(0, number - 1)


def _columns(text: str) -> np.ndarray:
    columns, column = np.zeros(len(text)), 0
    for place, character in enumerate(text):
        column = 0 if character == "\n" else column + 1
        columns[place] = column
    return columns
