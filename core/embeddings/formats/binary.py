"""Vectors as the word2vec program's binary form: word, space, raw float32 numbers."""

from __future__ import annotations

import numpy as np

from core.embeddings.formats.description import Description
from core.embeddings.formats.errors import VectorsFileError, shorten
from core.embeddings.formats.growing import GrowingRows
from core.embeddings.formats.notes import Notes, UnicodeErrors, decode_word
from core.embeddings.formats.source import Source, Stream
from core.embeddings.formats.text import expected_rows, skip

CHUNK = 16 << 20
LONGEST_WORD = 1 << 20
"""Bytes; what is longer than this is not a word."""


def read_binary(
    source: Source,
    form: Description,
    limit: int | None,
    notes: Notes | None = None,
    errors: UnicodeErrors = "replace",
) -> tuple[list[str], np.ndarray]:
    """Words and vectors of the first ``limit`` rows; numbers are little-endian.

    A word that is not UTF-8 is read as ``errors`` says, and noted.

    Raises
    ------
    VectorsFileError
        Half of the words are not UTF-8, one does not end, or the file ends before its last row or
        after it.
    """
    notes = Notes() if notes is None else notes
    wanted = min(limit or form.rows or 0, form.rows or 0)
    words: list[str] = []
    rows = GrowingRows(form.size, expected_rows(source, form, limit))
    with source.open() as stream:
        skip(stream, form.start)
        data = b""
        while len(words) < wanted:
            block = stream.read(CHUNK)
            data += block
            found, used = _complete_rows(data, form.size, wanted - len(words))
            words += _decode([word for word, _ in found], len(words), notes, errors)
            rows.add(_numbers(data, [start for _, start in found], form.size))
            data = data[used:]
            if not block and len(words) < wanted:
                raise VectorsFileError(
                    f"{source.path} ends in row {len(words) + 1:,} of {form.rows:,}; it is cut off"
                )
            if len(words) < wanted and len(data) > LONGEST_WORD + 4 * form.size + 1:
                raise VectorsFileError(
                    f"the word of row {len(words) + 1:,} does not end; this is not a word2vec file"
                )
        if wanted == form.rows:
            _check_end(source, stream, data, form.rows)
    return words, rows.finish()


def _complete_rows(data: bytes, size: int, most: int) -> tuple[list[tuple[bytes, int]], int]:
    """(word, place of its numbers) of the rows that lie wholly in the data, and their bytes."""
    found: list[tuple[bytes, int]] = []
    place, length = 0, 4 * size
    while len(found) < most:
        space = data.find(b" ", place)
        end = space + 1 + length
        if space < 0 or end > len(data):
            break
        # Some writers end a row with a line feed, which then stands before the next word.
        found.append((data[place:space].lstrip(b"\r\n"), space + 1))
        place = end
    return found, place


def _numbers(data: bytes, starts: list[int], size: int) -> np.ndarray:
    numbers = np.empty((len(starts), size), dtype=np.float32)
    for row, start in enumerate(starts):
        numbers[row] = np.frombuffer(data, dtype="<f4", count=size, offset=start)
    return numbers


def _decode(words: list[bytes], before: int, notes: Notes, errors: UnicodeErrors) -> list[str]:
    try:
        decoded = [decode_word(word, errors) for word in words]
    except UnicodeDecodeError as error:
        raise _not_text(error.object, before + words.index(error.object) + 1) from error
    broken = [at for at, (_, is_broken) in enumerate(decoded) if is_broken]
    if broken and 2 * len(broken) >= len(words):
        raise _not_text(words[broken[0]], before + broken[0] + 1)
    notes.replace(
        f"row {before + at + 1:,}: its word {shorten(words[at])} is not UTF-8" for at in broken
    )
    return [word for word, _ in decoded]


def _not_text(word: bytes, row: int) -> VectorsFileError:
    return VectorsFileError(
        f"the word of row {row:,}, {shorten(word)}, is not UTF-8; the file is damaged "
        "or has vectors of another size than it says"
    )


def _check_end(source: Source, stream: Stream, data: bytes, rows: int) -> None:
    data += stream.read(64)
    if data.strip(b"\r\n"):
        raise VectorsFileError(
            f"{source.path} goes on after the {rows:,} rows that its first line promises; the "
            "first line is wrong, or the file is damaged"
        )
