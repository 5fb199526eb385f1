"""What can be trained here: the tasks of the registry, and files of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.limits import OWN_TEXT_BYTES, TABLE_BYTES

OwnData = Literal["", "text", "conll", "csv"]


@dataclass(frozen=True)
class Offer:
    """One task with the settings that it begins with.

    id: in addresses, and the key of its name in the texts. options: of its class.
    own: what kind of file the reader gives; "" where the data are the project's own.
    delay: whether the length of the memory can be chosen. writes: whether a decoder writes the
    answer, which is taught by feeding it the truth more or less often.
    """

    id: str
    application: str
    options: Mapping[str, Any] = field(default_factory=dict)
    own: OwnData = ""
    delay: bool = False
    writes: bool = False
    cell: str = "lstm"
    units: int = 32
    embedding: int = 16
    steps: int = 1500
    batch: int = 32
    unroll: int = 32
    rate: float = 5e-3


OFFERS: dict[str, Offer] = {
    offer.id: offer
    for offer in (
        Offer("adding", "adding", delay=True, units=32, rate=1e-2),
        Offer("copying", "copying", delay=True, units=32, rate=1e-2),
        Offer("recall", "recall", delay=True, units=32, rate=1e-2),
        Offer("parity", "parity", delay=True, units=16, rate=1e-2),
        Offer("brackets", "brackets", delay=True, units=16, rate=1e-2),
        Offer("namaskar", "next-character", {"corpus": "namaskar"}, units=12, embedding=0,
              steps=500, batch=8, unroll=8, rate=1e-2),
        Offer("grammar", "next-character", {"corpus": "grammar"}, units=48, embedding=0),
        Offer("chinese", "next-character", {"corpus": "chinese"}, units=48),
        Offer("words-grammar", "next-word", {"corpus": "grammar"}, units=48),
        Offer("words-chinese", "next-word", {"corpus": "chinese"}, units=48),
        Offer("sentiment-en", "sentiment", {"language": "en"}, steps=800),
        Offer("sentiment-zh", "sentiment", {"language": "zh"}, steps=800),
        Offer("digit-rows", "digit-rows", steps=800),
        Offer("tickets", "tickets", embedding=24, steps=1000),
        Offer("addresses", "addresses", embedding=24, steps=1000),
        Offer("morse", "morse", units=48),
        Offer("frames", "frames", steps=800),
        Offer("dates", "dates", writes=True, units=96, embedding=32, cell="gru"),
        Offer("numbers", "numbers", writes=True, units=96, embedding=32, cell="gru"),
        Offer("digit-names-en", "digit-names-en", writes=True, units=48, cell="gru"),
        Offer("digit-names-zh", "digit-names-zh", writes=True, units=48, cell="gru"),
        Offer("sunspots", "sunspots", units=24, steps=800),
        Offer("own-characters", "next-character", own="text", units=64, embedding=0, steps=2000),
        Offer("own-words", "next-word", own="text", units=64, steps=2000),
        Offer("own-conll", "slots", own="conll", units=64, embedding=48, steps=1500),
        Offer("own-csv", "series", own="csv", units=24, steps=800),
    )
}  # fmt: skip

ENDINGS: dict[str, list[str]] = {
    "text": ["txt", "md"],
    "conll": ["conll", "txt", "tsv"],
    "csv": ["csv"],
}
LARGEST: dict[str, int] = {"text": OWN_TEXT_BYTES, "conll": OWN_TEXT_BYTES, "csv": TABLE_BYTES}
LOOKS = 100
"""How many points the curve of a run has, at least as long as its updates allow it."""
LONGEST_PAUSE = 100
"""Updates between two points, at most: somebody is watching."""


def every_so_often(steps: int) -> tuple[int, int]:
    """Updates between two points of the curve, and between two measurements on held-out data."""
    every = min(max(1, steps // LOOKS), LONGEST_PAUSE)
    return every, every * 5
