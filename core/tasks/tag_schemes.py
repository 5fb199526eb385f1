"""The ways in which phrases are marked by tags, told apart, and brought to B, I, E, S and O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.tasks.chunks import OUTSIDE, PREFIXES, split_tag

LETTERS = {"M": "I", "L": "E", "U": "S", "W": "S"}
"""Letters of BMES and BILOU, and what they are called here."""

_KNOWN = {*PREFIXES, *LETTERS}


@dataclass(frozen=True)
class Scheme:
    """A way of marking phrases.

    name: ``IOB2`` (a phrase begins with B), ``IOB1`` (B only between two phrases of one kind),
    ``IOBES``, ``BMES``, ``BILOU``, ``IO`` (kinds without letters, O outside) or ``tags`` (a class
    for every token, as parts of speech are). convert: a sentence's tags as O, B-, I-, E- and S-.
    """

    name: str
    convert: Callable[[Sequence[str]], list[str]]


def recognise(sentences: Iterable[Sequence[str]]) -> Scheme:
    """The scheme of a file's tags.

    Raises ValueError for tags of which some have the letter of a phrase and others have not.
    """
    sentences = list(sentences)
    tags = list(dict.fromkeys(tag for sentence in sentences for tag in sentence))
    plain = [tag for tag in tags if tag != OUTSIDE and not _has_letter(tag)]
    if plain and len(plain) + (OUTSIDE in tags) < len(tags):
        split_tag(plain[0][:80])  # raises, and says what a tag looks like
    if plain:
        return Scheme("IO", _from_io) if OUTSIDE in tags else Scheme("tags", _from_tags)
    letters = {tag[0] for tag in tags if tag != OUTSIDE}
    if letters & {"M", "W"}:
        return Scheme("BMES", _renamed)
    if letters & {"L", "U"}:
        return Scheme("BILOU", _renamed)
    if letters & {"E", "S"}:
        return Scheme("IOBES", list)
    if "I" in letters and _never_begins_with_b(sentences):
        return Scheme("IOB1", _from_iob1)
    return Scheme("IOB2", list)


def _has_letter(tag: str) -> bool:
    letter, dash, kind = tag.partition("-")
    return letter in _KNOWN and bool(dash and kind)


def _renamed(tags: Sequence[str]) -> list[str]:
    """M, L, U and W under the letters used here."""
    return [LETTERS.get(tag[0], tag[0]) + tag[1:] for tag in tags]


def _never_begins_with_b(sentences: Iterable[Sequence[str]]) -> bool:
    """Whether B stands only behind a phrase of its own kind, and some phrase begins with I."""
    begins_with_i = False
    for tags in sentences:
        before = OUTSIDE
        for tag in tags:
            follows = before[2:] == tag[2:] and before != OUTSIDE
            if tag[0] == "B" and not follows:
                return False
            begins_with_i |= tag[0] == "I" and not follows
            before = tag
    return begins_with_i


def _from_iob1(tags: Sequence[str]) -> list[str]:
    """I where a phrase begins becomes B."""
    found, before = [], OUTSIDE
    for tag in tags:
        begins = tag[0] == "I" and before[2:] != tag[2:]
        found.append(f"B{tag[1:]}" if begins else tag)
        before = tag
    return found


def _from_io(tags: Sequence[str]) -> list[str]:
    """A run of one kind is one phrase."""
    found, before = [], OUTSIDE
    for tag in tags:
        letter = "I" if tag == before else "B"
        found.append(tag if tag == OUTSIDE else f"{letter}-{tag}")
        before = tag
    return found


def _from_tags(tags: Sequence[str]) -> list[str]:
    """Every token is a phrase of its own: finding them all is tagging them all."""
    return [f"S-{tag}" for tag in tags]
