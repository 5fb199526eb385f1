"""Open anyone's vectors, whatever form they are in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from core.embeddings.formats import cache as kept
from core.embeddings.formats.arrays import read_numpy, read_safetensors
from core.embeddings.formats.binary import read_binary
from core.embeddings.formats.description import Description, describe
from core.embeddings.formats.errors import VectorsFileError
from core.embeddings.formats.notes import Notes, UnicodeErrors
from core.embeddings.formats.source import Source, find_source
from core.embeddings.formats.text import read_text
from core.embeddings.formats.word_list import (
    WordList,
    distinct,
    find_word_list,
    read_columns,
    read_list,
)
from core.embeddings.word_vectors import WordVectors

WORTH_KEEPING = 4 << 20
"""Bytes; a smaller file is parsed again faster than it is looked up."""

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class OpenedVectors:
    """Vectors and what there is to say about them.

    Parameters
    ----------
    vectors
        The words and their vectors, float32.
    description
        The form of the file.
    duplicates
        Words that came again, in order; only the first row of each was kept.
    labels
        What each row is called where labels repeat; the words of ``vectors`` are then these with a
        number behind those that come again. None where no label repeats.
    columns
        More about each row, by the name of the column: from a metadata file.
    notes
        What was wrong in the file, and left out or replaced.
    words_from
        The file that the labels are from; None where they stand beside the numbers.
    """

    vectors: WordVectors
    description: Description
    duplicates: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    words_from: Path | None = None

    @cached_property
    def not_finite_rows(self) -> np.ndarray:
        """Rows with a NaN or an infinite number."""
        return np.flatnonzero(~np.isfinite(self.vectors.lengths))

    @property
    def repeated(self) -> int:
        """How many rows have a label that came before, and were kept."""
        return 0 if self.labels is None else len(self.labels) - len(set(self.labels))

    @cached_property
    def zero_rows(self) -> np.ndarray:
        """Rows that are zero throughout; a cosine with them means nothing."""
        return np.flatnonzero(self.vectors.lengths == 0)


def describe_vectors(path: PathLike) -> Description:
    """Form, rows and size of a vectors file, from its first bytes.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    VectorsFileError
        It is of no known form, could run code, or promises more than it can hold.
    """
    return describe(find_source(path))


def load_vectors(
    path: PathLike,
    limit: int | None = None,
    *,
    words: PathLike | None = None,
    cache: bool = True,
    unicode_errors: UnicodeErrors = "replace",
) -> WordVectors:
    """The vectors of a file; see ``open_vectors`` for the arguments, and for what else it tells."""
    return open_vectors(
        path, limit, words=words, cache=cache, unicode_errors=unicode_errors
    ).vectors


def open_vectors(
    path: PathLike,
    limit: int | None = None,
    *,
    words: PathLike | None = None,
    cache: bool = True,
    unicode_errors: UnicodeErrors = "replace",
) -> OpenedVectors:
    """Open word2vec text or ``.bin``, GloVe, fastText ``.vec``, TSV, ``.npy`` or safetensors.

    The form is told from the content, gzipped or not. Nothing that could run code is read, and
    memory stays in proportion to the file whatever it claims. Text is parsed in several threads.

    A text row that is none (too few numbers, or something else in their place) is left out and
    told in ``notes``; a file of which most rows are so is refused. Of a word that comes again in
    a file with its own words the first row is kept, as gensim does; where the labels come from a
    list, or from the first column of a TSV, rows are items of their own and labels may repeat.

    Parameters
    ----------
    limit
        Open only the first so many rows; None for all.
    words
        For a ``.npy``, a safetensors file or a TSV without words: a list with one word a line,
        or the metadata file of a projector. None looks for one beside the file. For a file with
        words: more about them, from a metadata file.
    cache
        Keep what was parsed in the user's cache folder (``UNROLLED_CACHE``), and open it from
        there next time, mapped into memory and read-only, as long as the file stays the same.
    unicode_errors
        What becomes of a word that is not UTF-8, as word2vec makes them by cutting long words:
        ``replace`` its broken bytes by U+FFFD, ``ignore`` them, or ``strict``: leave a text row
        out, refuse a binary file.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    VectorsFileError
        The file cannot be read; the message names the line or row, what was expected and the
        remedy.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1; {limit} came")
    source = find_source(path)
    form = describe(source)
    worth_keeping = (
        cache
        and source.bytes_on_disk >= WORTH_KEEPING
        and form.has_words
        and form.separator == b" "
        and form.kind in ("text", "binary")
    )
    if worth_keeping and (found := kept.fetch(source, limit, unicode_errors)) is not None:
        names, duplicates, notes, array = found
        columns = read_columns(words, names) if words is not None else {}
        vectors = WordVectors(names, array)
        return OpenedVectors(vectors, form, tuple(duplicates), columns=columns, notes=notes)
    notes = Notes()
    own, array = _read(source, form, limit, notes, unicode_errors)
    if own is None:
        return _with_list(source, form, words, limit, array, notes)
    if form.separator == b"\t":
        return _items(form, WordList(own), array, notes, words)
    names, duplicates, array = _drop_duplicates(own, array)
    if worth_keeping:
        kept.keep(source, limit, unicode_errors, names, duplicates, notes, array)
    columns = read_columns(words, names) if words is not None else {}
    vectors = WordVectors(names, array)
    return OpenedVectors(vectors, form, tuple(duplicates), columns=columns, notes=notes)


def _read(
    source: Source,
    form: Description,
    limit: int | None,
    notes: Notes,
    errors: UnicodeErrors,
) -> tuple[list[str] | None, np.ndarray]:
    """The words of the file, if it has any, and its vectors."""
    if form.kind == "binary":
        return read_binary(source, form, limit, notes, errors)
    if form.kind == "text":
        names, array = read_text(source, form, limit, notes, errors)
        return (names if form.has_words else None), array
    if form.kind == "safetensors":
        return read_safetensors(source, limit)
    return None, read_numpy(source, limit)


def _with_list(
    source: Source,
    form: Description,
    words: PathLike | None,
    limit: int | None,
    array: np.ndarray,
    notes: Notes,
) -> OpenedVectors:
    found = words or find_word_list(source)
    if found is None:
        raise VectorsFileError(
            f"{source.path} holds vectors without words; give their list with words=..., or put "
            f"it beside the file as {source.stem}.txt, one word a line"
        )
    if notes.skipped:
        raise VectorsFileError(
            f"{source.path}: {notes.listed[0]}; as its words stand in a list of their own, no row "
            "can be left out"
        )
    # Where the limit has cut rows off, the words of the others are there still.
    listed = read_list(found, len(array), more_allowed=len(array) == limit)
    opened = _items(form, listed, array, notes, None)
    return replace(opened, words_from=Path(found))


def _items(
    form: Description,
    listed: WordList,
    array: np.ndarray,
    notes: Notes,
    words: PathLike | None,
) -> OpenedVectors:
    """Rows with labels that may repeat."""
    repeat = len(set(listed.labels)) < len(listed.labels)
    names = distinct(listed.labels) if repeat else listed.labels
    return OpenedVectors(
        WordVectors(names, array),
        form,
        labels=tuple(listed.labels) if repeat else None,
        columns=listed.columns if words is None else read_columns(words, names),
        notes=notes,
    )


def _drop_duplicates(
    names: list[str], array: np.ndarray
) -> tuple[list[str], list[str], np.ndarray]:
    """Keep the first row of every word, as gensim does."""
    if len(set(names)) == len(names):
        return names, [], array
    row_of: dict[str, int] = {}
    for row, name in enumerate(names):
        row_of.setdefault(name, row)
    duplicates = [name for row, name in enumerate(names) if row_of[name] != row]
    return list(row_of), duplicates, array[list(row_of.values())]
