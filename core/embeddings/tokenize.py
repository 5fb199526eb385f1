"""From text to sentences and words, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

MOST_MARKS = 30

# Han characters: the unified ideographs, extensions A and beyond plane 0, compatibility forms,
# and 〇, the zero of dates.
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def _word_pattern(excluded: str = "") -> str:
    """A word: letters and digits of any script but the excluded, with their combining accents.

    Apostrophes may join them (don't, o'clock), and separators the digits (1,000 and 3.14kg).
    """
    letter = rf"[^{excluded}\W_][\u0300-\u036f]*"
    return rf"\d+(?:[.,]\d+)+(?:{letter})*|(?:{letter})+(?:'(?:{letter})+)*"


_ENGLISH_WORD = re.compile(_word_pattern())
_CHINESE_CHARACTER = re.compile(f"[{HAN}]|{_word_pattern(excluded=HAN)}")

# A full stop ends a sentence only before white space, so that 3.14 and U.S.A stay whole.
_SENTENCE_END = re.compile(r"(?<=[。！？!?…])[”’」』）)\"']*|(?<=[.])[”’)\"']*(?=\s)|[\r\n]+")


def tokenize_english(text: str, *, lowercase: bool = True) -> list[str]:
    """Words of a text: letters and digits of any script, apostrophes kept inside a word.

    The text is first brought to Unicode form C and curly apostrophes are made straight, so that
    the two ways of writing *café* or *don't* are one word. Hyphens separate words.

    >>> tokenize_english("Don't panic: the café's 1,000 guests!")
    ["don't", 'panic', 'the', "café's", '1,000', 'guests']
    """
    text = composed(text).replace("\u2019", "'")
    return _ENGLISH_WORD.findall(text.lower() if lowercase else text)


def tokenize_chinese(
    text: str, *, unit: Literal["words", "characters"] = "words", lowercase: bool = True
) -> list[str]:
    """Words or characters of a Chinese text; punctuation is left out.

    Chinese is written without spaces, so words have to be guessed: ``unit="words"`` uses the
    dictionary and hidden Markov model of rjieba, which is imported when first used.
    ``unit="characters"`` needs no guess: each Han character stands alone, and Latin words and
    numbers stay whole.

    Raises
    ------
    ValueError
        ``unit`` is neither.
    ModuleNotFoundError
        Words were asked for and rjieba is not installed.
    """
    text = composed(text)
    if lowercase:
        text = text.lower()
    if unit == "characters":
        return _CHINESE_CHARACTER.findall(text)
    if unit != "words":
        raise ValueError(f'unit must be "words" or "characters"; {unit!r} came')
    import rjieba

    return [word for word in rjieba.cut(text) if any(map(str.isalnum, word))]


def composed(text: str) -> str:
    """The text in Unicode form C; of more than 30 combining marks in a row 30 stay.

    To compose takes time in the square of the marks that follow one letter, and no writing has
    more than a few: this is the stream-safe text of Unicode's annex 15, but for what is left out.
    """
    if not text.isascii():
        text = _too_many_marks().sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks = "".join(map(chr, filter(lambda code: unicodedata.combining(chr(code)), range(0x1FFFF))))
    return re.compile(f"([{re.escape(marks)}]{{{MOST_MARKS}}})[{re.escape(marks)}]+")


def split_sentences(text: str) -> list[str]:
    """Sentences of an English or Chinese text, cut at line ends and at the marks that close one.

    Closing quotes stay with the sentence they close. An abbreviation before a space (*Dr. Wu*)
    is cut too: for counting neighbouring words that costs little.
    """
    pieces, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        pieces.append(text[start : match.end()])
        start = match.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if any(map(str.isalnum, piece))]
