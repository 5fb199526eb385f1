"""What was wrong in a file that was opened all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

UnicodeErrors = Literal["replace", "ignore", "strict"]

MOST_LISTED = 50


@dataclass
class Notes:
    """Counts, and the first few cases in words.

    skipped: rows that are no rows of this file and were left out. replaced: words whose bytes are
    no text and were read with U+FFFD (or without those bytes). listed: each with its line or row,
    at most 50. missing: rows that the first line promises and that are not there.
    """

    skipped: int = 0
    replaced: int = 0
    missing: int = 0
    listed: list[str] = field(default_factory=list)

    def skip(self, why: Iterable[str]) -> None:
        """Rows left out."""
        why = list(why)
        self.skipped += len(why)
        self._list(why)

    def replace(self, why: Iterable[str]) -> None:
        """Words changed."""
        why = list(why)
        self.replaced += len(why)
        self._list(why)

    def miss(self, count: int, why: str) -> None:
        """Rows that are not there."""
        self.missing += count
        self._list([why])

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The other way; TypeError or ValueError for anything else."""
        counts = [int(values[name]) for name in ("skipped", "replaced", "missing")]
        return cls(*counts, [str(one) for one in values["listed"]][:MOST_LISTED])

    def _list(self, why: list[str]) -> None:
        self.listed += why[: MOST_LISTED - len(self.listed)]


def decode_word(word: bytes, errors: UnicodeErrors) -> tuple[str, bool]:
    """The text of a word, and whether its bytes were none.

    Raises UnicodeDecodeError where errors are ``strict``.
    """
    try:
        return word.decode("utf-8"), False
    except UnicodeDecodeError:
        if errors == "strict":
            raise
        return word.decode("utf-8", errors), True
