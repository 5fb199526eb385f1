"""How much of a text it has said before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

RUN = 4


def repetition(tokens: Sequence[Hashable], run: int = RUN) -> float:
    """The share of runs of ``run`` tokens that occurred earlier in the same text, 0 to 1.

    0 for a text that is shorter than one run. Raises ValueError for runs below 1 token.
    """
    if run < 1:
        raise ValueError(f"run is {run}; expected at least 1 token.")
    runs = [tuple(tokens[start : start + run]) for start in range(len(tokens) - run + 1)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0
