"""Any text as words: read it word by word and predict the next one."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

import torch

from core.networks import Vocabulary
from core.tasks.text import MAX_HELD_OUT, TextTask

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
MAX_WORDS = 4000
# A word with the space before it, a mark with the space before it, or any other white space.
_ENGLISH = re.compile(r" ?[^\W_]+(?:['’][^\W_]+)*| ?[^\w\s]| ?_|\s")


def split_words(text: str, language: Language) -> list[str]:
    """Words and marks that, put together again, are exactly ``text``.

    In English the space before a word belongs to it, so that what a network writes needs no
    rule for where spaces go. Chinese is cut by the dictionary and hidden Markov model of
    rjieba, which is imported when first used.
    Raises ValueError for another language.

    >>> split_words('Ann says "I run".', "en")
    ['Ann', ' says', ' "', 'I', ' run', '"', '.']
    """
    if language == "en":
        return _ENGLISH.findall(text)
    if language != "zh":
        raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}.")
    import rjieba

    return rjieba.cut(text)


def guess_language(text: str) -> Language:
    """Chinese where a tenth of the letters are Han characters, else English."""
    letters = sum(map(str.isalpha, text))
    han = sum("\u3400" <= mark <= "\u9fff" for mark in text)
    return "zh" if letters and han >= letters / 10 else "en"


def words_task(
    text: str,
    language: Language,
    *,
    name: str = "text",
    validation: float = 0.1,
    max_words: int = MAX_WORDS,
) -> TextTask:
    """The task of ``text`` word by word; its last ``validation`` share (at most 50,000 words)
    is held out.

    The vocabulary is the ``max_words`` most frequent of the words learned from that occur at
    least twice, or of all words where that leaves fewer than two; others are read as unknown
    and never asked for.
    Raises ValueError for a text of fewer than two different words, a share outside [0, 1), or a
    limit below two.
    """
    if not 0 <= validation < 1:
        raise ValueError(f"validation is {validation}; expected a share in [0, 1).")
    if max_words < 2:
        raise ValueError(f"max_words is {max_words}; expected 2 or more.")
    words = split_words(text.replace("\r\n", "\n").replace("\r", "\n"), language)
    cut = len(words) - min(round(validation * len(words)), MAX_HELD_OUT)
    counts = Counter(words[:cut])
    if len(counts) < 2:
        raise ValueError(
            f"{name} has {len(words)} words, {len(counts)} of them different; expected at least "
            "two different ones. Give a longer text."
        )
    often = [word for word in counts if counts[word] > 1]
    ranked = sorted(often if len(often) > 1 else counts, key=lambda word: (-counts[word], word))
    vocabulary = Vocabulary.of(ranked[:max_words])
    ids = torch.tensor(vocabulary.encode(words))
    left_out = len(set(words)) - len(vocabulary)
    return TextTask(name, vocabulary, ids[:cut], ids[cut:], left_out)
