"""How the parts of a date can be written: its day, month, year and weekday, one by one."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
TENS = {2: "twenty", 3: "thirty"}
HAN = "〇一二三四五六七八九"
HAN_WEEKDAYS = "一二三四五六日"
PIVOT = 1950  # two digits of a year mean one of the hundred years from here on


def day_written(day: date, style: str) -> str:
    """The day of the month: plain 3, padded 03, ordinal 3rd, word third, han 三."""
    number = day.day
    if style == "ordinal":
        return f"{number}{_ending(number)}"
    if style == "word":
        return _ordinal_word(number)
    return _number(number, style)


def month_written(day: date, style: str) -> str:
    """The month: long march, short mar, dotted mar., plain 3, padded 03, han 三."""
    name = MONTHS[day.month - 1]
    if style == "long":
        return name
    if style in ("short", "dotted"):
        return name[:3] + "." * (style == "dotted" and len(name) > 3)
    return _number(day.month, style)


def year_written(day: date, style: str) -> str:
    """The year: full 1998, two 98, apostrophe '98, han 一九九八."""
    if style == "han":
        return "".join(HAN[int(digit)] for digit in f"{day.year}")
    if style == "full":
        return f"{day.year}"
    return "'" * (style == "apostrophe") + f"{day.year % 100:02}"


def weekday_written(day: date, style: str) -> str:
    """The weekday: long tuesday, short tue, han 星期二; none where there is to be none."""
    if style == "none":
        return ""
    if style == "han":
        return f"星期{HAN_WEEKDAYS[day.weekday()]}"
    name = WEEKDAYS[day.weekday()]
    return name if style == "long" else name[:3]


def has_short_year(day: date) -> bool:
    """Whether two digits are enough to say the year."""
    return PIVOT <= day.year < PIVOT + 100


def _number(number: int, style: str) -> str:
    if style == "padded":
        return f"{number:02}"
    if style == "han":
        tens, ones = divmod(number, 10)
        return (HAN[tens] if tens > 1 else "") + "十" * (tens > 0) + (HAN[ones] if ones else "")
    return f"{number}"


def _ending(number: int) -> str:
    if number in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _ordinal_word(number: int) -> str:
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    tens, ones = divmod(number, 10)
    return "thirtieth" if ones == 0 else f"{TENS[tens]}-{ORDINALS[ones - 1]}"
