"""Finding words by how they begin, or by a regular expression that cannot run away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_PATTERN = 200
LONGEST_LABEL = 1000
"""Characters of a word that a pattern looks at."""
_CLOCK_EVERY = 4096
_MEMORY = 1 << 22  # bytes that a compiled pattern may take


@dataclass(frozen=True)
class Found:
    """Rows of the words found, in their order; ``searched`` is how many were looked at."""

    rows: tuple[int, ...]
    searched: int


def find_prefix(words: Sequence[str], prefix: str, *, most: int = 200) -> Found:
    """The first ``most`` words that begin with ``prefix``; upper and lower case are one.

    An exact match comes first.
    """
    folded = prefix.casefold()
    rows: list[int] = []
    searched = 0
    for row, word in enumerate(words):
        searched = row + 1
        if word[: len(prefix) + 2].casefold().startswith(folded):
            rows.append(row)
            if len(rows) >= most:
                break
    return Found(tuple(sorted(rows, key=lambda row: words[row] != prefix)), searched)


def find_pattern(
    words: Sequence[str], pattern: str, *, most: int = 200, seconds: float = 2.0
) -> Found:
    """The first ``most`` words in which a regular expression matches somewhere.

    The pattern is matched by RE2, whose time grows with the length of the text alone whatever
    the pattern is; references back and looking around, which would need more, are refused.
    When ``seconds`` are over the search ends with what it has, and ``searched`` says how far it
    came. Upper and lower case are one; ``(?-i)`` in front tells them apart.

    Raises
    ------
    ValueError
        The pattern is longer than 200 characters, or RE2 does not take it.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(
            f"a pattern of {len(pattern)} characters came; at most {LONGEST_PATTERN} are taken"
        )
    matches = _compile(pattern).search
    deadline = time.monotonic() + seconds
    rows: list[int] = []
    searched = 0
    for row, word in enumerate(words):
        if row % _CLOCK_EVERY == 0 and row and time.monotonic() > deadline:
            break
        searched = row + 1
        if matches(word[:LONGEST_LABEL]):
            rows.append(row)
            if len(rows) >= most:
                break
    return Found(tuple(rows), searched)


def _compile(pattern: str):
    import re2

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"the pattern {pattern!r} is not taken: {reason}") from error
