"""Small vectors, and everything that the page would know of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.embeddings import WordVectors
from explorer.space.layouts import place
from explorer.space.scene import Line, Scene
from explorer.space.settings import Colours, View
from explorer.space.sources import Source

HOSTILE = ("<b>x</b>", "=1+1", "\u200f", "two\nlines", "a b", "tab\there", "x" * 10_000)


def source(
    count: int = 60,
    size: int = 8,
    *,
    seed: int = 0,
    first: Sequence[str] = ("king", "queen"),
    broken: Sequence[int] = (),
    **more: Any,
) -> Source:
    """Random vectors around three centres; rows in ``broken`` have no direction."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(3, size)) * 2
    rows = centres[np.arange(count) % 3] + random.normal(size=(count, size))
    for number, row in enumerate(broken):
        rows[row] = 0 if number % 2 == 0 else np.nan
    words = [*first, *(f"w{number}" for number in range(count - len(first)))]
    # Caches are keyed on the id, which therefore has to say everything.
    name = f"made-{count}-{size}-{seed}-{'-'.join(map(str, broken))}-{hash(tuple(first))}"
    return Source(name, "made.txt", WordVectors(words, rows.astype(np.float32)), **more)


def scene(
    of: Source | None = None,
    *,
    word: str = "king",
    asked: Sequence[str] = (),
    colours: Colours | None = None,
    lines: Sequence[Line] = (),
    **view: Any,
) -> Scene:
    """A scene over these vectors, laid out at once."""
    of = of or source()
    seen = View(of.id, **{"shown": len(of.vectors)} | view)
    return Scene(seen, of, colours or Colours(), place(seen, of, asked), word, lines)
