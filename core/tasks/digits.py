"""Handwritten digits, 8 x 8, as scikit-learn carries them, in three fixed parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SIDE, CLASSES, LARGEST = 8, 10, 16.0
PARTS = ("train", "validation", "test")
SHARES = (0.7, 0.1, 0.2)
SEED = 0


@dataclass(frozen=True)
class Digits:
    """One part of the images.

    images: (image, row, column), float32 ink from 0 to 1. labels: (image,), 0 to 9.
    numbers: which image of the whole set each one is, (image,).
    """

    images: np.ndarray
    labels: np.ndarray
    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@lru_cache(maxsize=1)
def all_digits() -> Digits:
    """All 1797 images of the set, in its own order. Nothing is fetched: the package has them.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
    Learning Repository, 1998.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    images = (found.images / LARGEST).astype(np.float32)
    labels = found.target.astype(np.int64)
    for array in (images, labels):
        array.flags.writeable = False  # one copy serves everybody
    return Digits(images, labels, np.arange(len(labels)))


@lru_cache(maxsize=len(PARTS))
def digits(part: str) -> Digits:
    """The images of "train", "validation" or "test": disjoint, together all, always the same.

    Every digit has the same share in each part, up to rounding.
    Raises ValueError for another part.
    """
    if part not in PARTS:
        raise ValueError(f"part is {part!r}; choose one of {', '.join(PARTS)}.")
    whole = all_digits()
    generator = np.random.default_rng(SEED)
    chosen = []
    for label in range(CLASSES):
        order = generator.permutation(np.flatnonzero(whole.labels == label))
        ends = np.round(np.cumsum(SHARES)[:-1] * len(order)).astype(int)
        chosen.append(np.split(order, ends)[PARTS.index(part)])
    numbers = np.sort(np.concatenate(chosen))
    return Digits(whole.images[numbers], whole.labels[numbers], numbers)
