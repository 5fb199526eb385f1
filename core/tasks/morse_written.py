"""A message to be keyed as a person writes it: SOS HELP @18wpm 10dB."""

from __future__ import annotations

import re
from typing import Any

from core.tasks.morse import Keying

WRITTEN = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(wpm|db|hz|%)|#\s*(\d{1,9})", re.IGNORECASE)


def keying_of(text: str) -> Keying:
    """The message of a written input: "SOS HELP @18wpm 10dB 600Hz 10% #0".

    Behind the @ come, in any order and all optional, speed, signal over noise, pitch, jitter of
    the hand and the seed. Raises ValueError for anything else.
    """
    message, _, settings = text.partition("@")
    given: dict[str, Any] = {}
    names = {"wpm": "wpm", "db": "snr", "hz": "pitch", "%": "jitter"}
    for number, unit, seed in WRITTEN.findall(settings):
        name = names[unit.lower()] if unit else "seed"
        given[name] = int(seed) if seed else float(number)
    rest = WRITTEN.sub("", settings).replace(",", "").strip()
    if rest:
        raise ValueError(
            f"Behind the @ stands {rest[:40]!r}; expected numbers with their units, as in "
            "@18wpm 10dB 600Hz 10% #0 (speed, signal over noise, pitch, jitter, seed)."
        )
    if "jitter" in given:
        given["jitter"] /= 100
    return Keying(" ".join(message.upper().split()), **given)
