"""Sentences drawn one after another and set in lines, in whatever language."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable


def sentences(
    draw_sentence: Callable[[random.Random], str], characters: int, seed: int
) -> list[str]:
    """Sentences until they have enough characters.

    Raises ValueError for fewer than 1 character.
    """
    if characters < 1:
        raise ValueError(f"characters is {characters}; expected at least 1.")
    draw = random.Random(seed)
    drawn, length = [], 0
    while length < characters:
        drawn.append(draw_sentence(draw))
        length += len(drawn[-1])
    return drawn


def in_lines(sentences: Iterable[str], width: int, *, between: str) -> str:
    """The sentences with ``between`` after each, or a line break once its line is full."""
    out, column = [], 0
    for sentence in sentences:
        column += len(sentence)
        out.append(sentence + ("\n" if column >= width else between))
        column = 0 if column >= width else column + len(between)
    return "".join(out)
