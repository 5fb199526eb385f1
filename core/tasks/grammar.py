"""A small English of our own, in which every character can be checked by rule.

What there is to find in it: round and square brackets that nest, quotes in which people speak
of themselves, numbers that say how many syllables follow, verbs that agree with a subject
several words back, and lines that end with the sentence that fills them.
"""

from __future__ import annotations

import random

from core.tasks.sentences import in_lines, sentences

NAMES = (
    *("Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivy", "Jack", "Kim", "Leo"),
    *("Mia", "Ned", "Olga", "Pia", "Quinn", "Rex", "Sue", "Tom", "Uma", "Vic", "Wen", "Xia"),
    *("Yan", "Zoe"),
)
NOUNS = (
    ("cat", "cats"), ("dog", "dogs"), ("owl", "owls"), ("fox", "foxes"), ("hen", "hens"),
    ("goat", "goats"), ("zebra", "zebras"), ("mouse", "mice"), ("bird", "birds"),
    ("child", "children"),
)  # fmt: skip
ADJECTIVES = ("quiet", "lazy", "brave", "old", "happy", "red")
INTRANSITIVE = (("sleeps", "sleep"), ("runs", "run"), ("jumps", "jump"), ("waits", "wait"))
TRANSITIVE = (("sees", "see"), ("likes", "like"), ("follows", "follow"), ("helps", "help"))
SPEECH = ("says", "say")
SONG = ("sings", "sing")
SYLLABLES = ("la", "do", "ha", "oh")
PLACES = ("near", "behind", "with")
BRACKETS = (("(", ")"), ("[", "]"), ("(", ")"))
BRACKET_CHANCE = 0.4
LINE = 30


def grammar_text(characters: int, *, seed: int) -> str:
    """At least ``characters`` characters of whole sentences, the same for the same seed.

    A line is broken after the sentence with which it holds ``LINE`` characters or more.
    Raises ValueError for fewer than 1 character.
    """
    return in_lines(sentences(_sentence, characters, seed), LINE, between=" ")


def _sentence(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.3:
        body = _counted(draw)
    elif kind < 0.55:
        body = _spoken(draw)
    else:
        subject, plural = _subject(draw)
        body = f"{subject} {_predicate(draw, plural)}"
    return body[0].upper() + body[1:] + "."


def _counted(draw: random.Random) -> str:
    """``The owls sing (3: la la la)``: as many syllables as the number says."""
    subject, plural = _subject(draw)
    times = draw.randint(1, 9)
    return f"{subject} {SONG[plural]} ({times}: {' '.join([draw.choice(SYLLABLES)] * times)})"


def _spoken(draw: random.Random) -> str:
    """``Mia says "I like the red owl"``: in quotes a speaker says *I*, several say *we*."""
    subject, plural = _subject(draw)
    speaker = "we" if plural else "I"
    return f'{subject} {SPEECH[plural]} "{speaker} {_predicate(draw, True)}"'


def _subject(draw: random.Random) -> tuple[str, bool]:
    """A noun phrase and whether it is plural, sometimes with an aside in brackets."""
    if draw.random() < 0.3:
        return draw.choice(NAMES), False
    phrase, plural = _noun(draw)
    return phrase + _aside(draw, 0), plural


def _noun(draw: random.Random) -> tuple[str, bool]:
    plural = draw.random() < 0.5
    article = "the" if plural or draw.random() < 0.7 else "one"
    adjective = f"{draw.choice(ADJECTIVES)} " if draw.random() < 0.3 else ""
    return f"{article} {adjective}{draw.choice(NOUNS)[plural]}", plural


def _aside(draw: random.Random, depth: int) -> str:
    """Nothing, or an aside in the brackets of its depth that may hold another."""
    if depth == len(BRACKETS) or draw.random() > BRACKET_CHANCE:
        return ""
    opening, closing = BRACKETS[depth]
    inner = f"{draw.choice(PLACES)} {_noun(draw)[0]}{_aside(draw, depth + 1)}"
    return f" {opening}{inner}{closing}"


def _predicate(draw: random.Random, plural: bool) -> str:
    if draw.random() < 0.4:
        return draw.choice(INTRANSITIVE)[plural]
    return f"{draw.choice(TRANSITIVE)[plural]} {_noun(draw)[0]}{_aside(draw, 0)}"
