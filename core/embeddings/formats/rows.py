"""Lines of text into words and numbers: fast where they are clean, by hand where they are not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

from core.embeddings.formats.description import Description, is_number
from core.embeddings.formats.errors import VectorsFileError, shorten
from core.embeddings.formats.notes import UnicodeErrors, decode_word

_DIGITS = frozenset(b"0123456789")


class Rows(NamedTuple):
    """Some consecutive rows: their words (none if the file has none) and numbers (n, size)."""

    words: list[str]
    numbers: np.ndarray
    skipped: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def parse_lines(
    data: bytes, lines: int, first_line: int, form: Description, errors: UnicodeErrors = "replace"
) -> Rows:
    """Parse whole lines, each ended by a line feed.

    Arrow's CSV reader does it, some 15 times faster than Python and without holding its lock.
    Where it stumbles (a word with spaces in it, double spaces, a malformed row, bytes that are no
    text) the lines are taken one by one; one that is no row is left out, with the reason.
    """
    try:
        rows = _parse_fast(data, form)
    except pa.ArrowInvalid:
        rows = None
    # Arrow also ends lines at a lone carriage return and passes over empty ones.
    if rows is None or len(rows.numbers) != lines:
        rows = _parse_slowly(data, first_line, form, errors)
    return rows


def _parse_fast(data: bytes, form: Description) -> Rows:
    columns = [str(column) for column in range(form.size)]
    types: dict[str, pa.DataType] = dict.fromkeys(columns, pa.float32())
    if form.has_words:
        columns.insert(0, "word")
        types["word"] = pa.string()
    first = data[: data.index(b"\n")].rstrip(b"\r")
    if first.endswith(form.separator):
        # The word2vec program and fastText end every row with a space.
        columns.append("nothing")
        types["nothing"] = pa.string()
    table = csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(
            column_names=columns, use_threads=False, block_size=len(data) + 1
        ),
        parse_options=csv.ParseOptions(
            delimiter=form.separator.decode(), quote_char=False, double_quote=False
        ),
        convert_options=csv.ConvertOptions(column_types=types, null_values=[]),
    )
    if "nothing" in columns and any(table.column("nothing").to_pylist()):
        raise pa.ArrowInvalid("text after the last number")
    offset = int(form.has_words)
    numbers = np.empty((table.num_rows, form.size), dtype=np.float32)
    for column in range(form.size):
        numbers[:, column] = table.column(column + offset).to_numpy()
    words = table.column(0).to_pylist() if form.has_words else []
    return Rows(words, numbers)


def _parse_slowly(data: bytes, first_line: int, form: Description, errors: UnicodeErrors) -> Rows:
    lines = data.split(b"\n")[:-1]
    words, numbers = [], np.empty((len(lines), form.size), dtype=np.float32)
    skipped: list[str] = []
    replaced: list[str] = []
    row = 0
    for number, line in enumerate(lines, first_line):
        try:
            word, fields = _fields(line, number, form)
            numbers[row] = _numbers(fields, number)
            if form.has_words:
                text, broken = _word(word, number, errors)
                words.append(text)
                if broken:
                    replaced.append(f"line {number}: its word {shorten(word)} is not UTF-8")
        except VectorsFileError as error:
            skipped.append(str(error))
            continue
        row += 1
    return Rows(words, numbers[:row], tuple(skipped), tuple(replaced))


def _fields(line: bytes, number: int, form: Description) -> tuple[bytes, list[bytes]]:
    """Word and numbers of a row; a word may hold spaces, for the numbers are counted off."""
    stripped = line.rstrip(b"\r\t ")
    if b"\r" in stripped:
        raise VectorsFileError(
            f"line {number} has a carriage return inside: {shorten(line)}; end all lines alike"
        )
    # Where spaces part the fields, there may be several.
    for separator in (form.separator, None) if form.separator == b" " else (form.separator,):
        parts = (
            stripped.rsplit(separator, form.size) if form.has_words else stripped.split(separator)
        )
        word, fields = (parts[0], parts[1:]) if form.has_words and parts else (b"", parts)
        if len(fields) == form.size and b"" not in fields and not _ends_in_number(word):
            return word, fields
    if not stripped:
        raise VectorsFileError(f"line {number} is empty; take it out, or the file is cut off there")
    found = sum(map(bool, stripped.split(form.separator))) - form.has_words
    raise VectorsFileError(
        f"line {number} has {max(found, 0):,} numbers where {form.size:,} were expected: "
        f"{shorten(line)}"
    )


def _ends_in_number(word: bytes) -> bool:
    """Whether a word of several parts ends in a number, which is then one number too many."""
    *before, last = word.split() or [b""]
    return bool(before) and is_number(last) and not _DIGITS.isdisjoint(last)


def _numbers(fields: list[bytes], line: int) -> np.ndarray:
    try:
        return np.array([float(field) for field in fields], dtype=np.float32)
    except ValueError:
        for place, field in enumerate(fields, 1):
            if not is_number(field):
                comma = is_number(field.replace(b",", b".", 1))
                remedy = "; write a decimal point instead of the comma" if comma else ""
                raise VectorsFileError(
                    f"line {line}: its number {place} is {shorten(field)}, which is not a number"
                    f"{remedy}"
                ) from None
        raise


def _word(word: bytes, line: int, errors: UnicodeErrors) -> tuple[str, bool]:
    try:
        return decode_word(word, errors)
    except UnicodeDecodeError:
        raise VectorsFileError(
            f"line {line}: its word {shorten(word)} is not UTF-8; save the file as UTF-8"
        ) from None
