"""Open anyone's vectors, whatever form they are in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.embeddings.formats import cache as kept
from core.embeddings.formats.arrays import read_numpy, read_safetensors
from core.embeddings.formats.binary import read_binary
from core.embeddings.formats.description import Description, describe
from core.embeddings.formats.errors import VectorsFileError
from core.embeddings.formats.source import Source, find_source
from core.embeddings.formats.text import read_text
from core.embeddings.formats.word_list import find_word_list, read_words
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
    """

    vectors: WordVectors
    description: Description
    duplicates: tuple[str, ...]

    @cached_property
    def not_finite_rows(self) -> np.ndarray:
        """Rows with a NaN or an infinite number."""
        return np.flatnonzero(~np.isfinite(self.vectors.lengths))

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
    path: PathLike, limit: int | None = None, *, words: PathLike | None = None, cache: bool = True
) -> WordVectors:
    """The vectors of a file; see ``open_vectors`` for the arguments, and for what else it tells."""
    return open_vectors(path, limit, words=words, cache=cache).vectors


def open_vectors(
    path: PathLike, limit: int | None = None, *, words: PathLike | None = None, cache: bool = True
) -> OpenedVectors:
    """Open word2vec text or ``.bin``, GloVe, fastText ``.vec``, TSV, ``.npy`` or safetensors.

    The form is told from the content, gzipped or not. Nothing that could run code is read, and
    memory stays in proportion to the file whatever it claims. Text is parsed in several threads.

    Parameters
    ----------
    limit
        Open only the first so many rows; None for all.
    words
        For a ``.npy``, a safetensors file or a TSV without words: a list with one word a line,
        or the metadata file of a projector. None looks for one beside the file.
    cache
        Keep what was parsed in the user's cache folder (``UNROLLED_CACHE``), and open it from
        there next time, mapped into memory and read-only, as long as the file stays the same.

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
        and form.kind in ("text", "binary")
    )
    if worth_keeping and (found := kept.fetch(source, limit)) is not None:
        names, duplicates, array = found
        return OpenedVectors(WordVectors(names, array), form, tuple(duplicates))
    names, array = _read(source, form, limit, words)
    names, duplicates, array = _drop_duplicates(names, array)
    if worth_keeping:
        kept.keep(source, limit, names, duplicates, array)
    return OpenedVectors(WordVectors(names, array), form, tuple(duplicates))


def _read(
    source: Source, form: Description, limit: int | None, words: PathLike | None
) -> tuple[list[str], np.ndarray]:
    names: list[str] | None
    if form.kind == "binary":
        return read_binary(source, form, limit)
    if form.kind == "text":
        names, array = read_text(source, form, limit)
        names = names if form.has_words else None
    elif form.kind == "safetensors":
        names, array = read_safetensors(source, limit)
    else:
        names, array = None, read_numpy(source, limit)
    if names is None:
        names = _words_beside(source, words, limit, array)
    return names, array


def _words_beside(
    source: Source, words: PathLike | None, limit: int | None, array: np.ndarray
) -> list[str]:
    found = words or find_word_list(source)
    if found is None:
        raise VectorsFileError(
            f"{source.path} holds vectors without words; give their list with words=..., or put "
            f"it beside the file as {source.stem}.txt, one word a line"
        )
    # Where the limit has cut rows off, the words of the others are there still.
    return read_words(found, len(array), more_allowed=len(array) == limit)


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
