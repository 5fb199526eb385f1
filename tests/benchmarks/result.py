"""One line of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A measurement beside its reference, both medians of the same run.

    ours and reference are in seconds unless the name says otherwise; ratio is ours over
    reference, or for a promise to be so many times faster the other way round. ok tells whether
    what the target speaks of (the ratio, or a wait or a rate of ours) reaches it. A line without
    a target is printed for comparison.
    """

    name: str
    ours: float
    reference: float
    ratio: float
    target: float | None
    ok: bool
