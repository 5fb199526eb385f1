"""A corpus read once, as rows of its vocabulary: flat int32 numbers cut into sentences."""

from __future__ import annotations

import gzip
import os
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from core.embeddings.disk_array import DiskArray
from core.embeddings.vocabulary import Vocabulary
from core.encodings import open_as_utf8

Corpus = Iterable[Sequence[str]] | str | os.PathLike[str]

LONGEST_PIECE = 1 << 20
"""Bytes of one line that are held at a time; a longer line is read as several sentences."""

RUN = 1 << 18
"""Words that are held in memory while a corpus is read and renumbered."""


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Sentence s is ``tokens[offsets[s]:offsets[s + 1]]``.

    Parameters
    ----------
    vocabulary
        The words kept.
    tokens
        Their rows in corpus order, int32 of shape (N,); words below ``min_count`` are left out.
        In memory, or on disk and read a slice at a time.
    offsets
        Where each sentence starts, and the end of the last: int64 of shape (sentences + 1,).
        A sentence none of whose words were kept is empty, so numbering follows the corpus.
    words_read
        How many words the corpus had before any were left out.
    """

    vocabulary: Vocabulary
    tokens: np.ndarray | DiskArray
    offsets: np.ndarray | DiskArray
    words_read: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sentence(self, number: int) -> list[str]:
        """The kept words of one sentence, counted from 0."""
        start, stop = self.offsets[number], self.offsets[number + 1]
        return self.vocabulary.decode(self.tokens[start:stop])


def encode_corpus(
    corpus: Corpus,
    *,
    min_count: int = 5,
    on_disk: bool = False,
    progress: Callable[[int], None] | None = None,
) -> EncodedCorpus:
    """Read a corpus once and keep the words that occur at least ``min_count`` times.

    The corpus is sentences, each a sequence of words (a generator will do: it is read once), or
    the path of a text file, gzipped or not, with one sentence a line and words between spaces,
    which is streamed. Words of equal count keep the order of their first appearance.

    While it is read it goes to a temporary file. What comes to memory is the distinct words, 4
    bytes for every word kept and 8 for every sentence; with ``on_disk`` the distinct words only,
    however long the corpus is.

    Parameters
    ----------
    progress
        Called now and then with the number of words read so far.

    Raises
    ------
    TypeError
        A sentence is one string, or a word is not a string.
    ValueError
        The corpus is empty, no word is frequent enough, or the file is not UTF-8 or a damaged
        gzip file.
    """
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1; {min_count} came")
    sentences = read_sentences(corpus) if isinstance(corpus, str | os.PathLike) else corpus
    row_of = _FirstAppearance()
    rows, ends = DiskArray(np.int32), DiskArray(np.int64)
    counts = _read_rows(sentences, row_of, rows, ends, progress or (lambda words: None))
    _check_words(row_of)
    words_read = len(rows)
    vocabulary, new_row = _frequent(list(row_of), counts, min_count)
    _renumber(rows, ends, new_row)
    return EncodedCorpus(
        vocabulary,
        tokens=rows if on_disk else rows[:],
        offsets=ends if on_disk else ends[:],
        words_read=words_read,
    )


def read_sentences(
    path: str | os.PathLike[str], tokenize: Callable[[str], list[str]] = str.split
) -> Iterator[list[str]]:
    """Stream the lines of a text file in UTF-8, UTF-16 or GB18030 as lists of words.

    A gzipped file is unpacked on the way and holds UTF-8.

    A line above a megabyte is handed out as several sentences, cut between words where there is
    a space, so memory stays bounded whatever the file holds.

    Raises
    ------
    ValueError
        The file is in no such encoding (the message names the line), or a damaged gzip file.
    """
    try:
        yield from _lines(path, tokenize)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(
            f"{os.fspath(path)} is a damaged gzip file ({error}); pack or download it again"
        ) from error


def _lines(path: str | os.PathLike[str], tokenize: Callable[[str], list[str]]) -> Iterator[list]:
    with _unpacked(path) as file:
        number, carried = 1, b""
        while piece := file.readline(LONGEST_PIECE):
            line, carried = carried + piece, b""
            line_ends = line.endswith(b"\n")
            if not line_ends and len(piece) == LONGEST_PIECE:
                line, carried = _cut(line)
            yield tokenize(_decode(line, path, number))
            number += line_ends
        if carried:
            yield tokenize(_decode(carried, path, number))


def _unpacked(path: str | os.PathLike[str]) -> BinaryIO:
    """A file as UTF-8; what begins like a gzip file is unpacked, whatever its name is."""
    with Path(path).open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path) if packed else open_as_utf8(path))


class _FirstAppearance(dict[str, int]):
    """Numbers words in the order they are first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = row = len(self)
        return row


def _cut(line: bytes) -> tuple[bytes, bytes]:
    """Split a piece of a line after its last space, else between two characters."""
    place = line.rfind(b" ") + 1
    if not place:
        place = len(line) - 1
        # Bytes 10xxxxxx continue a character: step back to the one that starts it.
        while place > len(line) - 4 and line[place] & 0b1100_0000 == 0b1000_0000:
            place -= 1
    return line[:place], line[place:]


def _decode(line: bytes, path: str | os.PathLike[str], number: int) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"line {number} of {os.fspath(path)} cannot be read: not UTF-8 "
            f"(byte 0x{line[error.start]:02x}); save the file as UTF-8"
        ) from error


def _check_words(row_of: dict[str, int]) -> None:
    if not row_of:
        raise ValueError("the corpus has no words; give at least one sentence")
    for word in row_of:
        if not isinstance(word, str):
            raise TypeError(f"{word!r} is a {type(word).__name__}; words must be strings")


def _read_rows(
    sentences: Iterable[Sequence[str]],
    row_of: dict[str, int],
    rows: DiskArray,
    ends: DiskArray,
    progress: Callable[[int], None],
) -> np.ndarray:
    """Number the words and write them down; returns how often each occurs."""
    counts = np.zeros(0, dtype=np.int64)
    new_rows, new_ends = array("i"), array("q", [0])
    for number, sentence in enumerate(sentences):
        if isinstance(sentence, str | bytes):
            raise TypeError(
                f"sentence {number} is one string, {sentence[:40]!r}; a list of words was "
                "expected: split it first, for example with tokenize_english"
            )
        new_rows.extend(map(row_of.__getitem__, sentence))
        new_ends.append(len(rows) + len(new_rows))
        if len(new_rows) >= RUN or len(new_ends) >= RUN:
            counts = _write_down(rows, ends, new_rows, new_ends, counts, len(row_of))
            new_rows, new_ends = array("i"), array("q")
            progress(len(rows))
    return _write_down(rows, ends, new_rows, new_ends, counts, len(row_of))


def _write_down(
    rows: DiskArray,
    ends: DiskArray,
    new_rows: array[int],
    new_ends: array[int],
    counts: np.ndarray,
    words: int,
) -> np.ndarray:
    """Append a run of words and sentence ends; returns the counts with it."""
    run = np.frombuffer(new_rows, dtype=np.int32)
    rows.append(run)
    ends.append(np.frombuffer(new_ends, dtype=np.int64))
    total = np.bincount(run, minlength=words)
    total[: len(counts)] += counts
    return total


def _frequent(
    words: list[str], counts: np.ndarray, min_count: int
) -> tuple[Vocabulary, np.ndarray]:
    """The words kept, by falling count, and the new row of each word: -1 if it is dropped."""
    order = np.argsort(-counts, kind="stable")
    kept = order[counts[order] >= min_count]
    if not len(kept):
        top = order[0]
        raise ValueError(
            f"no word occurs min_count={min_count} times; the most frequent, {words[top]!r}, "
            f"occurs {counts[top]} times: lower min_count or give more text"
        )
    new_row = np.full(len(words), -1, dtype=np.int32)
    new_row[kept] = np.arange(len(kept), dtype=np.int32)
    names = tuple(str(words[row]) for row in kept.tolist())
    return Vocabulary(names, counts[kept].astype(np.int64)), new_row


def _renumber(rows: DiskArray, ends: DiskArray, new_row: np.ndarray) -> None:
    """Give every word its new row where it lies, drop words, and move the sentence ends along."""
    kept, total, end = 0, len(rows), 0
    for start in range(0, max(1, total), RUN):
        run = new_row[rows[start : start + RUN]]
        is_kept = run >= 0
        kept_before = np.concatenate([[0], np.cumsum(is_kept)]) + kept
        stop = start + len(run)
        while len(part := ends[end : end + RUN]):
            # The end at the border of two runs is the same whichever of them it is counted in.
            inside = part[: np.searchsorted(part, stop, side="right")]
            ends.write(end, kept_before[inside - start])
            end += len(inside)
            if len(inside) < len(part):
                break
        rows.write(kept, run[is_kept])
        kept += int(is_kept.sum())
    rows.cut(kept)
