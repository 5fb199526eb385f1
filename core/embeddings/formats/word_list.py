"""Words for vectors whose file has none: a list, or the metadata file of a projector."""

from __future__ import annotations

import os

from core.embeddings.formats.errors import VectorsFileError, shorten
from core.embeddings.formats.source import Source, find_source
from core.embeddings.formats.text import line_chunks

_NAMES_OF_THE_WORD = ("word", "words", "label", "token", "name")


def read_words(path: str | os.PathLike[str], rows: int, *, more_allowed: bool = False) -> list[str]:
    """One word a line for so many rows; gzipped or not.

    Of several columns parted by tabs, the first line names the columns, and the one called word,
    label, token or name is taken, else the first.

    Raises
    ------
    VectorsFileError
        There are fewer words than rows, or more and that is not allowed, or a line is not UTF-8.
    """
    source = find_source(path)
    lines: list[str] = []
    with source.open() as stream:
        for data, _, first in line_chunks(stream, 1):
            for number, line in enumerate(data.split(b"\n")[:-1], first):
                lines.append(_decode(source, line.rstrip(b"\r"), number))
            if len(lines) > rows + 1:
                break
    column = 0
    if lines and "\t" in lines[0]:
        names = [name.strip().lower() for name in lines.pop(0).split("\t")]
        column = next((names.index(n) for n in _NAMES_OF_THE_WORD if n in names), 0)
    if len(lines) > rows and lines[0].strip().lower() in _NAMES_OF_THE_WORD:
        lines.pop(0)
    if len(lines) < rows or (len(lines) > rows and not more_allowed):
        count = "more" if len(lines) > rows else f"{len(lines):,}"
        raise VectorsFileError(
            f"{source.path} has {count} words for {rows:,} vectors; give a list with one word for "
            "every vector"
        )
    return [(line.split("\t") + [""] * column)[column] for line in lines[:rows]]


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


def _decode(source: Source, line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise VectorsFileError(
            f"line {number} of {source.path}, {shorten(line)}, is not UTF-8; save it as UTF-8"
        ) from None
