"""A corpus read once, as rows of its vocabulary: one flat int32 array cut into sentences."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.embeddings.vocabulary import Vocabulary
from core.encodings import open_as_utf8

Corpus = Iterable[Sequence[str]] | str | os.PathLike[str]

LONGEST_PIECE = 1 << 20
"""Bytes of one line that are held at a time; a longer line is read as several sentences."""


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Sentence s is ``tokens[offsets[s]:offsets[s + 1]]``.

    Parameters
    ----------
    vocabulary
        The words kept.
    tokens
        Their rows in corpus order, int32 of shape (N,); words below ``min_count`` are left out.
    offsets
        Where each sentence starts, and the end of the last: int64 of shape (sentences + 1,).
        A sentence none of whose words were kept is empty, so numbering follows the corpus.
    words_read
        How many words the corpus had before any were left out.
    """

    vocabulary: Vocabulary
    tokens: np.ndarray
    offsets: np.ndarray
    words_read: int

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sentence(self, number: int) -> list[str]:
        """The kept words of one sentence, counted from 0."""
        start, stop = self.offsets[number], self.offsets[number + 1]
        return self.vocabulary.decode(self.tokens[start:stop])


def encode_corpus(corpus: Corpus, *, min_count: int = 5) -> EncodedCorpus:
    """Read a corpus once and keep the words that occur at least ``min_count`` times.

    The corpus is sentences, each a sequence of words (a generator will do: it is read once), or
    the path of a UTF-8 text file with one sentence a line and words between spaces, which is
    streamed. What stays in memory is 4 bytes a word (twice that for a moment) and the distinct
    words. Words of equal count keep the order of their first appearance.

    Raises
    ------
    TypeError
        A sentence is one string, or a word is not a string.
    ValueError
        The corpus is empty, no word is frequent enough, or the file is not UTF-8.
    """
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1; {min_count} came")
    sentences = read_sentences(corpus) if isinstance(corpus, str | os.PathLike) else corpus
    row_of = _FirstAppearance()
    rows, ends = array("i"), array("q", [0])
    for number, sentence in enumerate(sentences):
        if isinstance(sentence, str | bytes):
            raise TypeError(
                f"sentence {number} is one string, {sentence[:40]!r}; a list of words was "
                "expected: split it first, for example with tokenize_english"
            )
        rows.extend(map(row_of.__getitem__, sentence))
        ends.append(len(rows))
    _check_words(row_of)
    return _keep_frequent(row_of, rows, ends, min_count)


def read_sentences(
    path: str | os.PathLike[str], tokenize: Callable[[str], list[str]] = str.split
) -> Iterator[list[str]]:
    """Stream the lines of a text file in UTF-8, UTF-16 or GB18030 as lists of words.

    A line above a megabyte is handed out as several sentences, cut between words where there is
    a space, so memory stays bounded whatever the file holds.

    Raises
    ------
    ValueError
        The file is in no such encoding; the message names the line.
    """
    with open_as_utf8(path) as file:
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


def _keep_frequent(
    row_of: dict[str, int], rows: array[int], ends: array[int], min_count: int
) -> EncodedCorpus:
    """Renumber by falling count, and drop what is rarer than ``min_count``."""
    tokens = np.frombuffer(rows, dtype=np.int32)
    words = np.array(list(row_of), dtype=object)
    counts = np.bincount(tokens, minlength=len(words))
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
    renumbered = new_row[tokens]
    is_kept = renumbered >= 0
    kept_before = np.concatenate([[0], np.cumsum(is_kept)])
    return EncodedCorpus(
        vocabulary=Vocabulary(tuple(map(str, words[kept])), counts[kept].astype(np.int64)),
        tokens=renumbered[is_kept],
        offsets=kept_before[np.frombuffer(ends, dtype=np.int64)],
        words_read=len(tokens),
    )
