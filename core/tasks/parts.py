"""Which part of the data an example belongs to: decided by what it says, not by chance."""

from __future__ import annotations

import hashlib
from typing import Literal

PartName = Literal["train", "validation", "test"]
PARTS: tuple[PartName, ...] = ("train", "validation", "test")


def part_of(key: str, *, validation: float = 0.1, test: float = 0.15) -> PartName:
    """The part of everything that has this ``key``: the same wherever and whenever it is asked.

    Examples with the same key are never in two parts, so what is held out has not been seen.
    """
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
    if place < test:
        return "test"
    return "validation" if place < test + validation else "train"
