"""What number a phrase means, by rules alone: the truth for what somebody types in."""

from __future__ import annotations

from core.tasks.number_words import HAN, HAN_PLACES, SCALES, SMALL, TENS, words_of

_VALUES = {word: number for number, word in enumerate(SMALL)} | {
    word: 10 * number for number, word in enumerate(TENS) if word
}
_VALUES["a"] = 1
_PLACES = {sign: 10**place for place, sign in enumerate(HAN_PLACES) if sign}


def read_english(phrase: str) -> int | None:
    """The number that English words mean; None where they mean none."""
    words = [word for word in words_of(phrase) if word != "and"]
    if not words or any(
        word not in _VALUES | dict.fromkeys(("hundred", *SCALES)) for word in words
    ):
        return None
    if words == ["zero"]:
        return 0
    total, group, lowest, smallest = 0, 0, 1000 ** len(SCALES), 1000
    for word in words:
        if word in SCALES:
            scale = 1000 ** SCALES.index(word)
            if not group or scale >= lowest:
                return None
            total, group, lowest, smallest = total + group * scale, 0, scale, 1000
        elif word == "hundred":
            if not 0 < group < 10:
                return None
            group, smallest = group * 100, 100
        else:
            value = _VALUES[word]
            if value == 0 or value >= smallest:
                return None
            group += value
            smallest = 10 if value >= 20 else 1
    return total + group


def read_chinese(numerals: str) -> int | None:
    """The number that Chinese numerals mean; None where a sign is not one of them."""
    total = group = digit = 0
    for sign in numerals:
        if sign in HAN:
            digit = HAN.index(sign)
        elif sign in _PLACES:
            group += (digit or 1) * _PLACES[sign]
            digit = 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        elif sign == "亿":
            total, group, digit = (total + group + digit) * 100_000_000, 0, 0
        else:
            return None
    return total + group + digit if numerals else None
