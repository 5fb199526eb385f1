"""Labels for vectors whose file has none, and more about each: a list, or metadata."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from core.embeddings.formats.description import Description, describe
from core.embeddings.formats.errors import VectorsFileError, shorten
from core.embeddings.formats.source import Source, find_source
from core.embeddings.formats.text import line_chunks
from core.encodings import EncodingError, recognise
from core.limits import METADATA_COLUMNS, METADATA_LINE_BYTES

LABEL_COLUMNS = ("word", "words", "label", "token", "name")
HEAD = 1 << 16
LONGEST_LABEL = 2000
"""Characters of a label, and of any other value; what is longer is cut, and ends in ``…``."""


@dataclass(frozen=True, eq=False)
class WordList:
    """One label for every row of some vectors, and other columns by name, as many values each."""

    labels: list[str]
    columns: dict[str, list[str]] = field(default_factory=dict)


def read_list(
    path: str | os.PathLike[str], rows: int, *, more_allowed: bool = False, strict: bool = True
) -> WordList:
    """The labels of so many rows; gzipped or not, in UTF-8, UTF-16 or GB18030.

    One label a line. Of several columns parted by tabs the first line names the columns, and the
    one called word, label, token or name is taken, else the first; up to 12 others come too. A
    single column has a heading where there is one line more than rows. A file of vectors gives
    the words of its rows.

    strict: refuse a list that has not as many lines as there are rows; otherwise what is missing
    is empty.

    Raises
    ------
    VectorsFileError
        There are fewer labels than rows, or more and that is not allowed, or a line is longer than
        a megabyte or no text.
    """
    source = find_source(path)
    separator = _vectors_separator(source)
    if separator is not None:
        start, parted = separator
        lines = [_first_field(line, parted) for line in _lines(source, rows + start + 1)][start:]
        return WordList(_exactly(source, lines, rows, more_allowed=more_allowed, strict=strict))
    lines = list(_lines(source, rows + 2))
    place, others, names = 0, [], [""]
    if lines and "\t" in lines[0]:
        names = lines.pop(0).split("\t")
        place = label_column(names)
        others = [at for at in range(len(names)) if at != place][:METADATA_COLUMNS]
    elif len(lines) > rows and (
        lines[0].strip().lower() in LABEL_COLUMNS or (len(lines) == rows + 1 and not more_allowed)
    ):
        lines.pop(0)
    lines = _exactly(source, lines, rows, more_allowed=more_allowed, strict=strict)
    parts = [line.split("\t") for line in lines]
    columns = {
        names[at].strip() or str(at + 1): [
            shortened(row[at]) if at < len(row) else "" for row in parts
        ]
        for at in others
    }
    labels = [shortened(row[place]) if place < len(row) else "" for row in parts]
    return WordList(labels, columns)


def read_columns(path: str | os.PathLike[str], words: Sequence[str]) -> dict[str, list[str]]:
    """Columns of a metadata file for rows that have their words already.

    Of the lines of one word, the first counts; words that are not listed have empty values. A
    plain list of words has no columns. Reading stops when every word has been found.

    Raises VectorsFileError as ``read_list`` does.
    """
    source = find_source(path)
    lines = _lines(source, None)
    names = next(lines, "").split("\t")
    if len(names) < 2:
        return {}
    place = label_column(names)
    others = [at for at in range(len(names)) if at != place][:METADATA_COLUMNS]
    index = dict(zip(words, range(len(words))))
    columns = {at: [""] * len(words) for at in others}
    taken: set[int] = set()
    for line in lines:
        values = line.split("\t")
        row = index.get(values[place] if place < len(values) else "")
        if row is None or row in taken:
            continue
        taken.add(row)
        for at in others:
            columns[at][row] = shortened(values[at]) if at < len(values) else ""
        if len(taken) == len(index):
            break
    return {names[at].strip() or str(at + 1): columns[at] for at in others}


def find_word_list(source: Source) -> str | None:
    """A word list beside a vectors file, by its usual names."""
    names = [
        *(f"{source.stem}{ending}" for ending in (".words", ".vocab", ".txt")),
        f"{source.stem}_metadata.tsv",
        f"{source.stem}.metadata.tsv",
        "metadata.tsv",
        f"{source.stem}.tsv",
    ]
    for name in names:
        for packed in (name, f"{name}.gz"):
            place = source.path.with_name(packed)
            if place.is_file() and place != source.path:
                return str(place)
    return None


def label_column(names: Sequence[str]) -> int:
    """Which of the named columns holds the labels."""
    lowered = [name.strip().lower() for name in names]
    return next((lowered.index(one) for one in LABEL_COLUMNS if one in lowered), 0)


def distinct(labels: Sequence[str]) -> list[str]:
    """Labels as names that differ: one that comes again is counted, as in ``7``, ``7 (2)``."""
    taken = set(labels)
    count: dict[str, int] = {}
    found = []
    for label in labels:
        count[label] = count.get(label, 0) + 1
        name = label
        while count[label] > 1 and (name := f"{label} ({count[label]})") in taken:
            count[label] += 1
        taken.add(name)
        found.append(name)
    return found


def shortened(value: str) -> str:
    """A value that fits on a page."""
    return value if len(value) <= LONGEST_LABEL else f"{value[:LONGEST_LABEL]}…"


def _exactly(
    source: Source, lines: list[str], rows: int, *, more_allowed: bool, strict: bool
) -> list[str]:
    if strict and (len(lines) < rows or (len(lines) > rows and not more_allowed)):
        count = "more" if len(lines) > rows else f"{len(lines):,}"
        raise VectorsFileError(
            f"{source.path} has {count} words for {rows:,} vectors; give a list with one word for "
            "every vector"
        )
    return lines[:rows] + [""] * (rows - len(lines))


def _lines(source: Source, most: int | None) -> Iterator[str]:
    """The first lines of a text, without their ends."""
    with source.open(_codec_of(source)) as stream:
        numbered = (
            (number, line)
            for data, _, first in line_chunks(stream, 1)
            for number, line in enumerate(data.split(b"\n")[:-1], first)
        )
        for number, line in islice(numbered, most):
            if len(line) > METADATA_LINE_BYTES:
                raise VectorsFileError(
                    f"line {number} of {source.path} has {len(line):,} bytes; at most "
                    f"{METADATA_LINE_BYTES:,} were expected: this is no list of words"
                )
            yield _decode(source, line.rstrip(b"\r"), number)


def _codec_of(source: Source) -> str:
    with source.open() as stream:
        head = stream.read(HEAD)
    try:
        codec = recognise(head, source.path.name, whole=len(head) < HEAD)
    except EncodingError:
        return "utf-8"  # the line that is no text will be named
    return "utf-8" if codec == "utf-8-sig" else codec


def _decode(source: Source, line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise VectorsFileError(
            f"line {number} of {source.path}, {shorten(line)}, is not UTF-8; save it as UTF-8"
        ) from None


def _vectors_separator(source: Source) -> tuple[int, Description] | None:
    """Lines before the first row, and the form, where the list is itself a file of vectors."""
    try:
        form = describe(source)
    except VectorsFileError:
        return None
    is_rows = form.kind == "text" and form.has_words and form.size > 1 and form.separator == b" "
    return (form.first_line - 1, form) if is_rows else None


def _first_field(line: str, form: Description) -> str:
    return line.strip(" \r").rsplit(" ", form.size)[0]
