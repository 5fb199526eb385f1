"""The same words of English in templates that no training sentence was made from."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from core.tasks.sentiment.english import (
    CROWDS,
    DISLIKES,
    GLAD,
    LIKES,
    NAMES,
    NOUNS,
    PLACES,
    PLAIN,
    TIMES,
    UPSET,
    cue,
    joined,
    said,
    thing,
    time,
    very,
)


def plain(draw: Random, sign: int) -> str:
    """``ann found the soup very good .``, ``tom remembers the ugly house on the hill .``"""
    who = draw.choice(NAMES)
    return draw.choice(
        (
            f"{who} found {thing(draw)} {very(draw)}{cue(draw, sign)}{time(draw)} .",
            f"{who} said that {thing(draw)} was {very(draw)}{cue(draw, sign)} .",
            f"{who} remembers the {cue(draw, sign)} {noun_at(draw)} .",
        )
    )


def neutral(draw: Random, sign: int) -> str:
    """``today zoe saw the small house on the hill .``"""
    who = draw.choice(NAMES)
    return draw.choice(
        (
            f"{who} said that {thing(draw)} was {draw.choice(PLAIN)}{time(draw)} .",
            f"today {who} saw the {draw.choice(PLAIN)} {noun_at(draw)} .",
        )
    )


def together(draw: Random, sign: int) -> str:
    """``the tea was nice , good and really great .``, ``ann loves the film and the book .``"""
    verb = draw.choice(LIKES if sign > 0 else DISLIKES)
    first, second = draw.sample(NOUNS, 2)
    cues = (cue(draw, sign), cue(draw, sign), cue(draw, sign))
    return draw.choice(
        (
            f"{thing(draw)} was {cues[0]} , {cues[1]} and really {cues[2]} .",
            f"{draw.choice(NAMES)} {verb} the {first} and the {second}{time(draw)} .",
        )
    )


def negated(draw: Random, sign: int) -> str:
    """``today tom is not happy .``, ``it was not good on the hill .``"""
    mood = draw.choice(UPSET if sign > 0 else GLAD)
    return draw.choice(
        (
            f"today {draw.choice(NAMES)} is not {mood}{time(draw)} .",
            f"it was not {cue(draw, -sign)} {draw.choice(PLACES)}{time(draw)} .",
        )
    )


def far_negation(draw: Random, sign: int) -> str:
    """``ben never said that the film was good .``, ``nobody said that the soup was good .``"""
    turned = cue(draw, -sign)
    return draw.choice(
        (
            f"{draw.choice(NAMES)} never said that {thing(draw)} was {turned}{time(draw)} .",
            f"nobody said that {thing(draw)} was {turned}{time(draw)} .",
            f"nobody in the {draw.choice(CROWDS)} thought that {thing(draw)} would be {turned} .",
        )
    )


def double(draw: Random, sign: int) -> str:
    """``nobody said that the game was not good .``, ``ben never thought that it was not good .``"""
    start = draw.choice(
        (
            f"nobody said that {thing(draw)}",
            f"nobody in the {draw.choice(CROWDS)} thought that {thing(draw)}",
            f"{draw.choice(NAMES)} never thought that it",
        )
    )
    return f"{start} was not {cue(draw, sign)}{time(draw)} ."


def expectation(draw: Random, sign: int) -> str:
    """``although mia thought the trip would be bad , it was good in the end .``"""
    expected, found, who = cue(draw, -sign), cue(draw, sign), draw.choice(NAMES)
    return draw.choice(
        (
            f"{who} thought that {thing(draw)} would be {expected} , but it was really {found} .",
            f"in the end {thing(draw)} was {found} , but {who} thought it would be {expected} .",
            f"although {who} thought {thing(draw)} would be {expected} , "
            f"it was {found} in the end .",
        )
    )


def contrast(draw: Random, sign: int) -> str:
    """``although , as kim said , on the hill the tea was bad ... , by the river ... was good .``"""
    main, other, who = said(draw, sign), said(draw, -sign), draw.choice(NAMES)
    return draw.choice(
        (
            f"{who} said that {other} , but in the end {main} .",
            f"although , as {who} said , {other} , {main} .",
            f"{who} said that {main} , although {other} .",
        )
    )


def scope(draw: Random, sign: int) -> str:
    """``on the hill kim does not think that the tea was good ... , but ... was good ... .``"""
    if draw.random() < 0.5:
        return joined(draw, main=denied(draw, sign), other=said(draw, -sign))
    return joined(draw, main=said(draw, sign), other=denied(draw, -sign))


def denied(draw: Random, sign: int) -> str:
    """A clause that somebody denies, in other words than those of the training sentences."""
    who = f"{draw.choice(PLACES)} {draw.choice(NAMES)}"
    verb = draw.choice(("does not think", "never said"))
    when = f"{draw.choice(TIMES)} {draw.choice(PLACES)}"
    return f"{who} {verb} that {thing(draw)} was {cue(draw, -sign)} {when}"


def noun_at(draw: Random) -> str:
    """A noun with its place."""
    return f"{draw.choice(NOUNS)} {draw.choice(PLACES)}"


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
