"""Phrases in a sequence of tags, and the score of finding them: the rule of the CoNLL tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

OUTSIDE = "O"
PREFIXES = ("B", "I", "E", "S")


class Chunk(NamedTuple):
    """A phrase of one ``kind`` at the places ``start`` to ``stop`` - 1."""

    kind: str
    start: int
    stop: int


class Found(NamedTuple):
    """How well phrases were found.

    precision: share of the phrases found that are right; recall: share of the right ones that
    were found. Both, and f1, are 0 where there is nothing to divide by.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean 2 p r / (p + r)."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def split_tag(tag: str) -> tuple[str, str]:
    """``B-city`` as ("B", "city") and ``O`` as ("O", "").

    Raises ValueError for a tag that is neither ``O`` nor one of B, I, E, S with a kind.
    """
    prefix, _, kind = tag.partition("-")
    if tag == OUTSIDE:
        return tag, ""
    if prefix not in PREFIXES or not kind:
        raise ValueError(
            f"The tag is {tag!r}; expected O, or B-, I-, E- or S- followed by the kind of phrase, "
            "as in B-city."
        )
    return prefix, kind


def chunks(tags: Sequence[str]) -> list[Chunk]:
    """The phrases that ``tags`` mark, by the rule of the CoNLL evaluation script.

    A phrase goes on with I or E of its own kind. A stray I, after O or after another kind,
    begins a phrase of its own.
    Source: E. F. Tjong Kim Sang and S. Buchholz, CoNLL-2000 shared task (2000), conlleval.
    """
    parts = [(OUTSIDE, ""), *map(split_tag, tags), (OUTSIDE, "")]
    found: list[Chunk] = []
    start = 0
    for place, (before, here) in enumerate(pairwise(parts)):
        if before[0] != OUTSIDE and not _goes_on(before, here):
            found.append(Chunk(before[1], start, place))
        if here[0] != OUTSIDE and not _goes_on(before, here):
            start = place
    return found


def _goes_on(before: tuple[str, str], here: tuple[str, str]) -> bool:
    """Whether ``here`` belongs to the phrase of the step before it."""
    return before[0] in "BI" and here[0] in "IE" and before[1] == here[1]


def compare(right: Iterable[Sequence[str]], found: Iterable[Sequence[str]]) -> Found:
    """Precision and recall of phrases over many sentences; only whole phrases count.

    Raises ValueError where two sentences have different lengths.
    """
    expected = given = hits = 0
    for true_tags, tags in zip(right, found, strict=True):
        if len(true_tags) != len(tags):
            raise ValueError(
                f"A sentence has {len(true_tags)} right tags and {len(tags)} found ones; expected "
                "one for every token."
            )
        wanted, offered = set(chunks(true_tags)), set(chunks(tags))
        expected += len(wanted)
        given += len(offered)
        hits += len(wanted & offered)
    return Found(hits / given if given else 0.0, hits / expected if expected else 0.0)
