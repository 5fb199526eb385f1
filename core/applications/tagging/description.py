"""The plain values of which a tagger is made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.limits import TAG_KINDS
from core.tasks.chunks import split_tag
from core.tasks.lexicon import MAX_WORDS

MOST_TAGS = 2 * TAG_KINDS  # kinds without letters become two tags each


def words_and_tags(description: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What ``describe`` gave, if it is that; ValueError otherwise."""
    if not isinstance(description, Mapping) or set(description) != {"words", "tags"}:
        raise ValueError("The description of a tagger holds its words and its tags.")
    words, tags = description["words"], description["tags"]
    for name, found, most in (("words", words, MAX_WORDS), ("tags", tags, MOST_TAGS)):
        strings = isinstance(found, list) and all(isinstance(one, str) and one for one in found)
        if not strings or not 0 < len(found) <= most or len(set(found)) < len(found):
            raise ValueError(f"The {name} are no list of different texts, 1 to {most:,} of them.")
    for tag in tags:
        split_tag(tag)
    return words, tags
