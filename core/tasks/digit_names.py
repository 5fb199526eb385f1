"""How digits are called in English and in Chinese, spelled out."""

from __future__ import annotations

ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
)  # fmt: skip
SIGNS = "零一二三四五六七八九"
SOUNDS = ("líng", "yī", "èr", "sān", "sì", "wǔ", "liù", "qī", "bā", "jiǔ")
# The sign comes in the middle and its sound at the end, so what was seen has to be kept.
CHINESE = tuple(f"数字{sign}，读作{sound}" for sign, sound in zip(SIGNS, SOUNDS, strict=True))
NAMES = {"en": ENGLISH, "zh": CHINESE}
