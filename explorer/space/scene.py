"""Everything that the page is about at one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.space.layouts import Placed, key_of
from explorer.space.settings import Colours, View
from explorer.space.sources import Source

Line = tuple[str, str, str]


@dataclass(frozen=True)
class Scene:
    """A view of some vectors with its layout, the chosen word, and lines between words.

    lines: from, to, and "arrow" or "dashed".
    """

    view: View
    source: Source
    colours: Colours
    placed: Placed
    word: str
    lines: Sequence[Line] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The drawn words, in their order."""
        words = self.source.vectors.words
        return tuple(words[row] for row in self.placed.rows)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the drawn words are called; labels may repeat, words do not."""
        return tuple(self.source.label(row) for row in self.placed.rows.tolist())

    @property
    def group(self) -> str:
        """A name for which words are drawn: as long as it stays, camera and cursor do."""
        named = repr(key_of(self.view, words_only=True))
        return hashlib.sha256(named.encode()).hexdigest()[:16]
