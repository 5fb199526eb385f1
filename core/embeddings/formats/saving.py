"""Write vectors in the forms that other tools read."""

from __future__ import annotations

import gzip
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
from pyarrow import csv
from safetensors.numpy import save as safetensors_bytes

from core.embeddings.formats.arrays import VECTORS, pack_words
from core.embeddings.word_vectors import WordVectors

_ROWS_AT_A_TIME = 8192
_PARTS_WORDS = frozenset(" \t\n\r\v\f")


def save_vectors(vectors: WordVectors, path: str | os.PathLike[str]) -> None:
    """Write vectors in the form that the ending asks for; see ``WordVectors.save``.

    The file appears whole or not at all.
    """
    place = Path(path)
    name = place.name.lower()
    ending = os.path.splitext(name.removesuffix(".gz"))[1]
    if ending not in _WRITERS:
        raise ValueError(
            f"{place.name!r} ends in {ending!r}; .txt, .vec, .bin or .safetensors was expected, "
            "each with or without .gz"
        )
    if ending != ".safetensors":
        _check_words(vectors)
    with _replacing(place) as file:
        if name.endswith(".gz"):
            # No name and no time in it: the same vectors give the same file.
            with gzip.GzipFile("", "wb", compresslevel=5, fileobj=file, mtime=0) as packed:
                _WRITERS[ending](vectors, cast(BinaryIO, packed))
        else:
            _WRITERS[ending](vectors, file)


def _write_text(vectors: WordVectors, file: BinaryIO) -> None:
    """Arrow writes the numbers, each as short as reads back the same; words go before them."""
    file.write(f"{len(vectors)} {vectors.size}\n".encode())
    options = csv.WriteOptions(include_header=False, delimiter=" ")
    names = [str(column) for column in range(vectors.size)]
    for words, numbers in _pieces(vectors):
        columns = [pa.array(column) for column in np.ascontiguousarray(numbers.T)]
        written = BytesIO()
        csv.write_csv(pa.Table.from_arrays(columns, names=names), written, options)
        lines = written.getvalue().split(b"\n")
        rows = [b"%b %b\n" % (word.encode("utf-8"), line) for word, line in zip(words, lines)]
        file.write(b"".join(rows))


def _write_binary(vectors: WordVectors, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.size}\n".encode())
    for words, numbers in _pieces(vectors):
        rows = [
            b"%b %b\n" % (word.encode("utf-8"), row.tobytes())
            for word, row in zip(words, numbers.astype("<f4", copy=False))
        ]
        file.write(b"".join(rows))


def _write_safetensors(vectors: WordVectors, file: BinaryIO) -> None:
    numbers = np.ascontiguousarray(vectors.vectors, dtype=np.float32)
    file.write(safetensors_bytes({VECTORS: numbers, **pack_words(list(vectors.words))}))


_WRITERS: dict[str, Callable[[WordVectors, BinaryIO], None]] = {
    ".txt": _write_text,
    ".vec": _write_text,
    ".bin": _write_binary,
    ".safetensors": _write_safetensors,
}


def _pieces(vectors: WordVectors) -> Iterator[tuple[list[str], np.ndarray]]:
    for start in range(0, len(vectors), _ROWS_AT_A_TIME):
        piece = slice(start, start + _ROWS_AT_A_TIME)
        yield list(vectors.words[piece]), np.asarray(vectors.vectors[piece], dtype=np.float32)


def _check_words(vectors: WordVectors) -> None:
    for word in vectors.words:
        if not word or not _PARTS_WORDS.isdisjoint(word):
            raise ValueError(
                f"the word {word[:60]!r} is empty or has white space in it, which parts the words "
                "in this form; save as .safetensors instead"
            )


@contextmanager
def _replacing(place: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of an old one once it is complete."""
    temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            yield file
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
