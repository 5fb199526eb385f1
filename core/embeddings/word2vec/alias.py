"""The alias method: draws from a fixed distribution in constant time a draw."""

from __future__ import annotations

import numpy as np


def alias_table(probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """V equal boxes that hold at most two words each: their own, and ``alias``.

    A draw takes a box and then its own word with the chance ``threshold``, else the alias, so it
    costs two random numbers whatever V is. Every box below average is filled from one above it,
    until all hold exactly 1 / V. Returns ``threshold`` (V,) in float64 and ``alias`` (V,).

    Source: Walker 1977; Vose, *A Linear Algorithm for Generating Random Numbers with a Given
    Distribution*, 1991.

    Parameters
    ----------
    probability
        P, non-negative, adding up to 1, shape (V,).
    """
    threshold = np.asarray(probability, dtype=np.float64) * len(probability)
    alias = np.arange(len(probability))
    small = list(np.flatnonzero(threshold < 1))
    large = list(np.flatnonzero(threshold >= 1))
    while small and large:
        poor, rich = small.pop(), large[-1]
        alias[poor] = rich
        threshold[rich] -= 1 - threshold[poor]
        if threshold[rich] < 1:
            small.append(large.pop())
    # What rounding left over is full.
    threshold[small] = 1
    threshold[large] = 1
    return threshold, alias
