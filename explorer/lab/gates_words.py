"""Letters gathered into words, so that a picture can say which word is still in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from explorer.captions import percent, visible

FEW = 4  # in a text of fewer words every letter is told apart


def words_of(tokens: Sequence[str]) -> tuple[list[int], list[str]]:
    """The number of the word that each step belongs to, and the words.

    A run of letters and digits is a word, and a blank after it belongs to it; Chinese characters
    are gathered as rjieba divides them; every other sign stands for itself. A text of a word or
    two is taken letter by letter.
    """
    starts = _starts(tokens)
    if len(starts) < FEW:
        starts = list(range(len(tokens)))
    groups: list[int] = []
    words: list[str] = []
    for start, end in pairwise([*starts, len(tokens)]):
        word = "".join(tokens[start:end])
        groups += [len(words)] * (end - start)
        words.append(word.removesuffix(" ") if len(word) > 1 else visible(word))
    return groups, words


def _starts(tokens: Sequence[str]) -> list[int]:
    """The steps at which a word begins."""
    inside = _inside_chinese_words(tokens)
    starts, in_word = [], False
    for step, token in enumerate(tokens):
        letters = len(token) == 1 and token.isalnum() and not _is_han(token)
        ends_word = token == " " and in_word
        if not ((letters and in_word) or ends_word or step in inside):
            starts.append(step)
        in_word = letters
    return starts


def _inside_chinese_words(tokens: Sequence[str]) -> set[int]:
    """The steps whose character goes on with a Chinese word."""
    if not any(map(_is_han, tokens)) or any(len(token) != 1 for token in tokens):
        return set()
    import rjieba

    inside: set[int] = set()
    step = 0
    for word in rjieba.cut("".join(tokens)):
        if all(map(_is_han, word)):
            inside.update(range(step + 1, step + len(word)))
        step += len(word)
    return inside


def _is_han(sign: str) -> bool:
    return len(sign) == 1 and ("\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf")


def little(share: float) -> str:
    """A share as a percentage; one that is all but nothing is only said to be small."""
    return "<0.001%" if 0 < share < 1e-5 else percent(share)


def signed_share(share: float) -> str:
    """A share that may work against the whole: 47% or −47%."""
    size = little(abs(share))
    return f"−{size}" if share < 0 and not size.startswith("<") else size
