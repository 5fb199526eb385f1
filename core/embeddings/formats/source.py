"""A file of vectors as a stream of bytes, unpacked if it is gzipped, within bounded memory."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from core.embeddings.formats.errors import VectorsFileError
from core.encodings import recoded

GZIP_MAGIC = b"\x1f\x8b"

LARGEST_RATIO = 100
"""Trained vectors shrink 2 to 10 times. Counts and one-hot vectors shrink more than this."""

FREE_BYTES = 32 << 20
"""What grows more than that may unpack to so many bytes."""

DEFLATE_RATIO = 1032
"""No gzip file can hold more than this many times its own size."""


@dataclass(frozen=True)
class Source:
    """A file: where it is, how large, and whether it is gzipped (by content, not by name)."""

    path: Path
    bytes_on_disk: int
    gzipped: bool

    @property
    def most_bytes(self) -> int:
        """The most bytes its content can have."""
        return self.bytes_on_disk * (DEFLATE_RATIO if self.gzipped else 1)

    @property
    def ending(self) -> str:
        """The ending of the name in lower case, without ``.gz``."""
        name = self.path.name.lower().removesuffix(".gz")
        return os.path.splitext(name)[1]

    @property
    def stem(self) -> str:
        """The name without ``.gz`` and without the ending."""
        name = self.path.name
        name = name[:-3] if name.lower().endswith(".gz") else name
        return os.path.splitext(name)[0]

    def open(self, codec: str = "utf-8") -> Stream:
        """Its content from the beginning; a text in another encoding comes as UTF-8."""
        return Stream(self, codec)


def find_source(path: str | os.PathLike[str]) -> Source:
    """Look at a file without reading it.

    Raises
    ------
    FileNotFoundError
        There is none.
    VectorsFileError
        It is a folder, or empty.
    """
    place = Path(path)
    if place.is_dir():
        raise VectorsFileError(f"{place} is a folder; give the file with the vectors in it")
    size = place.stat().st_size
    if not size:
        raise VectorsFileError(f"{place} is empty")
    with place.open("rb") as file:
        return Source(place, size, file.read(2) == GZIP_MAGIC)


class Stream:
    """Content of a source, read from front to back; a context manager."""

    def __init__(self, source: Source, codec: str) -> None:
        self._source = source
        self._raw = source.path.open("rb")
        unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=self._raw)) if source.gzipped else self._raw
        self._file = unpacked if codec == "utf-8" else recoded(unpacked, codec)
        self._unpacked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._raw.close()

    def read(self, count: int) -> bytes:
        """The next ``count`` bytes, fewer only at the end.

        Raises
        ------
        VectorsFileError
            The gzip data is damaged or cut off, or unpacks to implausibly much.
        """
        try:
            data = self._file.read(count)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise VectorsFileError(
                f"{self._source.path} is a damaged gzip file ({error}); download or pack it again"
            ) from error
        self._unpacked += len(data)
        if self._source.gzipped:
            self._check_ratio()
        return data

    def _check_ratio(self) -> None:
        packed = self._raw.tell()
        if self._unpacked > FREE_BYTES and self._unpacked > LARGEST_RATIO * packed:
            raise VectorsFileError(
                f"{self._source.path} unpacks to more than {FREE_BYTES >> 20} MB and more than "
                f"{LARGEST_RATIO} times its size; unpack it yourself if you trust it, and give "
                "the file inside"
            )
