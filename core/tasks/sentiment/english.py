"""The English sentences: each kind is a pattern with a sign for its words of praise and blame."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

NAMES = ("ann", "ben", "cleo", "dan", "eve", "finn", "kim", "leo", "mia", "tom", "uma", "zoe")
NOUNS = (
    *("food", "soup", "room", "film", "book", "play", "song", "garden", "hotel", "music"),
    *("train", "lesson", "coffee", "house", "party", "teacher", "waiter", "game", "tea", "trip"),
)
PLACES = (
    *("near the station", "by the river", "in the old town", "at the small school"),
    *("behind the market", "in the new museum", "on the hill", "in the city"),
)
TIMES = ("on monday", "last week", "in the morning", "this year", "after lunch", "at night")
POSITIVE = (
    *("good", "great", "lovely", "nice", "wonderful", "excellent"),
    *("beautiful", "pleasant", "fantastic", "charming"),
)
NEGATIVE = (
    *("bad", "awful", "terrible", "boring", "horrible", "ugly"),
    *("poor", "nasty", "disappointing", "dreadful"),
)
GLAD, UPSET = ("happy", "glad", "cheerful"), ("sad", "unhappy", "angry")
PLAIN = ("blue", "short", "round", "quiet", "long", "early", "late", "small")
LIKES, DISLIKES = ("loves", "likes", "enjoys", "praises"), ("hates", "dislikes", "regrets")
DOES = ("saw", "found", "paid for", "asked about", "remembers", "described")
CROWDS = ("class", "family", "team", "village")
# What a network may meet instead of these is a word that it has never seen.
OPEN = frozenset(
    word for phrase in (*NAMES, *NOUNS, *CROWDS, *PLACES, *TIMES) for word in phrase.split()
) - {"the", "in", "of", "on", "at", "by", "this"}


def plain(draw: Random, sign: int) -> str:
    """``the soup near the station was very good .``, ``ann hates the film .``"""
    if draw.random() < 0.35:
        verb = draw.choice(LIKES if sign > 0 else DISLIKES)
        return f"{draw.choice(NAMES)} {verb} {thing(draw)}{time(draw)} ."
    if draw.random() < 0.25:
        mood = draw.choice(GLAD if sign > 0 else UPSET)
        return f"today {draw.choice(NAMES)} is {very(draw)}{mood}{time(draw)} ."
    return f"{thing(draw)} was {very(draw)}{cue(draw, sign)}{time(draw)} ."


def neutral(draw: Random, sign: int) -> str:
    """``the train by the river was late .``, ``zoe saw the house last week .``"""
    if draw.random() < 0.5:
        return f"{draw.choice(NAMES)} {draw.choice(DOES)} {thing(draw)}{time(draw)} ."
    return f"{thing(draw)} was {very(draw)}{draw.choice(PLAIN)}{time(draw)} ."


def together(draw: Random, sign: int) -> str:
    """``the tea was nice and the music in the city was great .``"""
    first = f"{thing(draw)} was {cue(draw, sign)}"
    return f"{first} and {thing(draw)} was {very(draw)}{cue(draw, sign)}{time(draw)} ."


def negated(draw: Random, sign: int) -> str:
    """``the play was not good .``: the word that turns it round stands beside it."""
    return f"{thing(draw)} was not {cue(draw, -sign)}{time(draw)} ."


def far_negation(draw: Random, sign: int) -> str:
    """``ben does not think that the soup on the hill was good .``"""
    turned = cue(draw, -sign)
    aside = f"as {draw.choice(NAMES)} said{time(draw)}"
    return draw.choice(
        (
            f"{draw.choice(NAMES)} does not think that {thing(draw)} was {turned}{time(draw)} .",
            f"nobody in the {draw.choice(CROWDS)} said that {thing(draw)} was {turned} .",
            f"{draw.choice(NAMES)} never found {thing(draw)} {turned}{time(draw)} .",
            f"{thing(draw)} was not , {aside} , {turned} at all .",
        )
    )


def expectation(draw: Random, sign: int) -> str:
    """``mia thought the trip would be bad , but in the end it was good .``"""
    expected, found = cue(draw, -sign), cue(draw, sign)
    who, turn = draw.choice(NAMES), draw.choice(("", "in the end "))
    return draw.choice(
        (
            f"{who} thought {thing(draw)} would be {expected}{time(draw)} , "
            f"but {turn}it was {found}{time(draw)} .",
            f"{thing(draw)} was {found}{time(draw)} , "
            f"although {who} thought it would be {expected}{time(draw)} .",
        )
    )


def contrast(draw: Random, sign: int) -> str:
    """``although the room was ugly on the hill last week , the food was good by the river .``"""
    return joined(draw, main=said(draw, sign), other=said(draw, -sign))


def scope(draw: Random, sign: int) -> str:
    """``the tea was good ... , but ... nobody in the team said that the music was good ... .``

    Both clauses have a word of the same sign; what counts is the clause that the negation is in.
    """
    if draw.random() < 0.5:
        return joined(draw, main=denied(draw, sign), other=said(draw, -sign))
    return joined(draw, main=said(draw, sign), other=denied(draw, -sign))


def joined(draw: Random, *, main: str, other: str) -> str:
    """Two clauses that disagree; the main clause is what the sentence says in the end."""
    return draw.choice(
        (f"although {other} , {main} .", f"{other} , but {main} .", f"{main} , although {other} .")
    )


def said(draw: Random, sign: int) -> str:
    """A clause whose word of praise or blame is far from both of its ends."""
    place, when = draw.choice(PLACES), draw.choice(TIMES)
    return f"{place} the {draw.choice(NOUNS)} was {cue(draw, sign)} {when} {draw.choice(PLACES)}"


def denied(draw: Random, sign: int) -> str:
    """The same said by nobody."""
    crowd, place = draw.choice(CROWDS), draw.choice(PLACES)
    when = f"{draw.choice(TIMES)} {draw.choice(PLACES)}"
    return f"{place} nobody in the {crowd} said that {thing(draw)} was {cue(draw, -sign)} {when}"


def double(draw: Random, sign: int) -> str:
    """``nobody in the team said that the game was not good .``"""
    word = cue(draw, sign)
    start = draw.choice(
        (
            f"{draw.choice(NAMES)} does not think that",
            f"nobody in the {draw.choice(CROWDS)} said that",
            f"{draw.choice(NAMES)} never said that",
        )
    )
    return f"{start} {thing(draw)} was not {word}{time(draw)} ."


def thing(draw: Random) -> str:
    """A noun, sometimes with a place: how far its words are from what is said of it varies."""
    place = f" {draw.choice(PLACES)}" if draw.random() < 0.5 else ""
    return f"the {draw.choice(NOUNS)}{place}"


def time(draw: Random) -> str:
    return f" {draw.choice(TIMES)}" if draw.random() < 0.4 else ""


def very(draw: Random) -> str:
    return draw.choice(("", "", "very ", "really "))


def cue(draw: Random, sign: int) -> str:
    return draw.choice(POSITIVE if sign > 0 else NEGATIVE)


PATTERNS: dict[str, Callable[[Random, int], str]] = {
    "plain": plain,
    "neutral": neutral,
    "together": together,
    "negated": negated,
    "far_negation": far_negation,
    "expectation": expectation,
    "double": double,
    "contrast": contrast,
    "scope": scope,
}
# Clauses joined by this can change places, and the label with them.
BUT, END = " , but ", " ."
