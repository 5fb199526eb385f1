"""How much of the server work in the background may take."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEMORY, SECONDS, WAITING = "UNROLLED_JOB_MB", "UNROLLED_JOB_SECONDS", "UNROLLED_JOBS_WAITING"
"""Environment variables: megabytes (1e6 bytes) that all jobs at work may hold together, seconds
that one may be at work, and how many may wait."""
STANDARD = {MEMORY: 2048, SECONDS: 1800, WAITING: 60}


@dataclass(frozen=True)
class Limits:
    """memory: bytes of all jobs at work together. seconds: of one. waiting: how many may wait."""

    memory: int
    seconds: float
    waiting: int

    def refusal(self, memory: int, *, waiting: int) -> str:
        """Why a job that will hold ``memory`` bytes is not taken; empty where it is."""
        if memory > self.memory:
            return (
                f"This would take about {memory / 1e6:,.0f} MB of memory; work in the background "
                f"may take {self.memory / 1e6:,.0f} MB here ({MEMORY}). Choose fewer words, or "
                "shorter vectors."
            )
        if waiting >= self.waiting:
            return (
                f"{waiting} pieces of work wait for their turn already, as many as may wait here "
                f"({WAITING}). Try again in a few minutes."
            )
        return ""


def limits() -> Limits:
    """What the environment says, else the standard.

    Raises ValueError for a variable that is no positive whole number.
    """
    return Limits(_number(MEMORY) * 10**6, _number(SECONDS), _number(WAITING))


def _number(variable: str) -> int:
    said = os.environ.get(variable, str(STANDARD[variable]))
    if not (said.isascii() and said.isdigit() and int(said) > 0):
        raise ValueError(
            f"{variable} is {said!r}; expected a positive whole number, like {STANDARD[variable]}."
        )
    return int(said)
