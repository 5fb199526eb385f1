"""Where the labels of points go, so that as few as possible lie on each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# plotly's names, and which way the label's centre lies from the point in halves of its box.
PLACES = {
    "top center": (0, 1),
    "bottom center": (0, -1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
GAP = 5.0

Box = tuple[float, float, float, float]
Range = tuple[float, float]


def place_labels(
    points: np.ndarray,
    labels: Sequence[str],
    *,
    ranges: tuple[Range, Range],
    size: tuple[float, float],
    font: float = 13.0,
) -> list[str]:
    """One of plotly's text positions for each of n points, chosen one after another.

    Parameters
    ----------
    points
        Shape (n, 2).
    ranges, size
        What of either axis is shown, on how many pixels.
    font
        Pixels of a character's height; a Han character is as wide, a Latin one about half.
    """
    low, high = np.array(ranges, dtype=float).T
    pixels = (points - low) / np.where(high > low, high - low, 1) * size
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in pixels]
    chosen = []
    for (x, y), label in zip(pixels, labels):
        half_width = font * sum(1.0 if ord(mark) > 0x2E7F else 0.55 for mark in label) / 2
        boxes = {
            name: _box(x + right * (half_width + GAP), y + up * (font / 2 + GAP), half_width, font)
            for name, (right, up) in PLACES.items()
        }
        best = min(boxes, key=lambda name: _cost(boxes[name], taken, size))
        taken.append(boxes[best])
        chosen.append(best)
    return chosen


def _box(x: float, y: float, half_width: float, font: float) -> Box:
    return x - half_width, y - font / 2, x + half_width, y + font / 2


def _cost(box: Box, taken: Sequence[Box], size: tuple[float, float]) -> float:
    """Area on others, and outside the picture, where a label would be cut off."""
    inside = _shared(box, (0.0, 0.0, *size))
    outside = (box[2] - box[0]) * (box[3] - box[1]) - inside
    return sum(_shared(box, other) for other in taken) + 5 * outside


def _shared(one: Box, other: Box) -> float:
    """Area that two boxes have in common."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, along)
