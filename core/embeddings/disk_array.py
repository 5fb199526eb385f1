"""A flat array that lives in a temporary file, so that memory does not grow with its length."""

from __future__ import annotations

import tempfile
import threading

import numpy as np


class DiskArray:
    """Numbers appended at the end, read and overwritten a slice at a time.

    The file lies where ``TMPDIR`` says and has no name: it is gone when the array is. Slices come
    as arrays of their own; several threads may read at the same time.
    """

    def __init__(self, dtype: np.typing.DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it closes when the array goes
        self._length = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: slice | int) -> np.ndarray:
        if isinstance(place, slice):
            start, stop, step = place.indices(self._length)
            if step != 1:
                raise ValueError(f"a slice with step {step} came; only whole runs can be read")
            return self._read(start, max(0, stop - start))
        row = range(self._length)[place]
        return self._read(row, 1)[0]

    def __array__(self, dtype: np.typing.DTypeLike = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("an array on disk can only be read into a copy")
        return self[:].astype(self.dtype if dtype is None else dtype, copy=False)

    def append(self, values: np.ndarray) -> None:
        """Write values at the end."""
        self.write(self._length, values)

    def write(self, start: int, values: np.ndarray) -> None:
        """Write values from place ``start`` on, which is at most the length."""
        with self._lock:
            self._file.seek(start * self.dtype.itemsize)
            self._file.write(np.ascontiguousarray(values, self.dtype).data)
            self._length = max(self._length, start + len(values))

    def cut(self, length: int) -> None:
        """Drop everything from place ``length`` on."""
        with self._lock:
            self._length = min(self._length, length)
            self._file.truncate(self._length * self.dtype.itemsize)

    def _read(self, start: int, count: int) -> np.ndarray:
        values = np.empty(count, self.dtype)
        with self._lock:
            self._file.seek(start * self.dtype.itemsize)
            self._file.readinto(values.data.cast("B"))
        return values
