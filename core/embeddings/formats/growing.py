"""An array that grows as rows arrive, without being copied."""

from __future__ import annotations

import numpy as np


class GrowingRows:
    """Rows of float32; room is made as they come, so a promise in a header costs nothing."""

    def __init__(self, size: int, expected: int) -> None:
        self._array = np.empty((max(1, expected), size), dtype=np.float32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: np.ndarray) -> None:
        """Append rows of shape (n, size)."""
        needed = self._count + len(rows)
        if needed > len(self._array):
            # Nothing else refers to the array, and the system moves its pages, not its bytes.
            room = max(needed, len(self._array) + len(self._array) // 2)
            self._array.resize((room, self._array.shape[1]), refcheck=False)
        self._array[self._count : needed] = rows
        self._count = needed

    def finish(self) -> np.ndarray:
        """The rows, shape (count, size); nothing can be added after."""
        self._array.resize((self._count, self._array.shape[1]), refcheck=False)
        return self._array
