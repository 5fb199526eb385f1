"""Sentences in which a person asks for a ticket, with time, origin and destination marked.

A grammar of our own in English and Chinese. Position does not decide: either city may come
first, hesitation stands between a word such as *from* and its city, further cities and days
have nothing to do with the journey, and a few sentences say only afterwards what a city was.
"""

from __future__ import annotations

import random
from typing import Literal

from core.tasks.conll import Tagged
from core.tasks.parts import PartName, part_of
from core.tasks.ticket_words import CHINESE, ENGLISH, Words

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
SLOTS = ("time", "from", "to")
WORDS: dict[Language, Words] = {"en": ENGLISH, "zh": CHINESE}


def tickets(count: int, language: Language, part: PartName, *, seed: int) -> list[Tagged]:
    """``count`` sentences of one part of the data, the same for the same arguments.

    Two cities that are asked for together in one part are never so in another, in either order.
    Raises ValueError for fewer than 1 sentence, or an unknown language.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected at least 1 sentence.")
    if language not in WORDS:
        raise ValueError(f"language is {language!r}; choose one of {', '.join(LANGUAGES)}.")
    draw = random.Random(f"tickets {language} {part} {seed}")
    found: list[Tagged] = []
    while len(found) < count:
        sentence, key = _sentence(draw, WORDS[language])
        if part_of(key) == part:
            found.append(sentence)
    return found


def _sentence(draw: random.Random, words: Words) -> tuple[Tagged, str]:
    """One sentence, and what decides the part it belongs to: its cities, or all it says."""
    template = draw.choices(words.templates, words.weights)[0]
    origin, destination, other = draw.sample(words.cities, 3)
    cities = {"{from}": origin, "{to}": destination, "{other}": other}
    tokens: list[str] = []
    tags: list[str] = []
    opening = draw.choice(words.openings).split()
    ending = "" if template.endswith("?") else draw.choice(words.endings)
    for piece in (*opening, *template.split(), *ending.split()):
        if piece == "{time}":
            before, phrase = _time(draw, words)
            _add(tokens, tags, [before] if before else [], "")
            _add(tokens, tags, phrase, "time")
        elif piece == "{day}":
            _add(tokens, tags, _time(draw, words)[1], "")
        elif piece == "{um}":
            _add(tokens, tags, draw.choice(words.hesitations).split(), "")
        elif piece in cities:
            slot = "" if piece == "{other}" else piece.strip("{}")
            _add(tokens, tags, cities[piece].split(), slot)
        else:
            _add(tokens, tags, [piece], "")
    sentence = Tagged(tuple(tokens), tuple(tags))
    both = "{from}" in template and "{to}" in template
    return sentence, " & ".join(sorted((origin, destination))) if both else " ".join(tokens)


def _time(draw: random.Random, words: Words) -> tuple[str, list[str]]:
    """A word before it that does not belong to it, and the phrase itself."""
    before, phrase = draw.choice(words.times)
    filled = [
        draw.choice(words.parts[piece]) if piece in words.parts else piece
        for piece in phrase.split()
    ]
    return before, " ".join(filled).split()


def _add(tokens: list[str], tags: list[str], words: list[str], slot: str) -> None:
    tokens += words
    tags += [f"{'I' if place else 'B'}-{slot}" if slot else "O" for place in range(len(words))]
