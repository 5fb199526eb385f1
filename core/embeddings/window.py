"""What one position of a text gives word2vec to learn from."""

from __future__ import annotations


def window_pairs(length: int, centre: int, window: int) -> list[tuple[int, float]]:
    """The neighbours of a position, each with the chance that it is seen from there.

    The width of a position's own window is drawn evenly from 1 to ``window``, so a neighbour at
    distance d is seen with the chance (window - d + 1) / window.

    length: of the sentence. centre: the position, from 0. Returns (position, chance), from left
    to right.
    Raises ValueError for a position outside the sentence or a window below 1.

    Source: T. Mikolov et al., Efficient estimation of word representations in vector space (2013).
    """
    if not 0 <= centre < length:
        raise ValueError(f"centre is {centre}; the sentence has positions 0 to {length - 1}.")
    if window < 1:
        raise ValueError(f"window is {window}; expected at least 1.")
    places = range(max(0, centre - window), min(length, centre + window + 1))
    return [
        (place, (window - abs(place - centre) + 1) / window) for place in places if place != centre
    ]
