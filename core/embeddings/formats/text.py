"""Vectors as text: word2vec, GloVe, fastText and TSV."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from core.embeddings.formats.description import LONGEST_LINE, Description
from core.embeddings.formats.errors import VectorsFileError
from core.embeddings.formats.growing import GrowingRows
from core.embeddings.formats.rows import Rows, parse_lines
from core.embeddings.formats.source import Source, Stream

CHUNK = 8 << 20
"""Bytes parsed in one go; each thread holds one chunk and its numbers."""

MOST_THREADS = 4

_BLANK = b"\r\n\t "

Chunk = tuple[bytes, int, int]


def read_text(source: Source, form: Description, limit: int | None) -> tuple[list[str], np.ndarray]:
    """Words (none if the rows have none) and vectors of the first ``limit`` rows.

    Raises
    ------
    VectorsFileError
        A row is malformed, or there are more or fewer than the header says.
    """
    words: list[str] = []
    rows = GrowingRows(form.size, expected_rows(source, form, limit))
    with source.open() as stream:
        skip(stream, form.start)
        for part in _parsed(line_chunks(stream, form.first_line), form, limit):
            words += part.words
            rows.add(part.numbers)
            if limit is not None and len(rows) >= limit:
                return words[:limit], rows.finish()[:limit]
    if form.rows is not None and len(rows) != form.rows:
        raise VectorsFileError(
            f"{source.path} says in its first line that it has {form.rows:,} rows, but "
            f"{len(rows):,} are there; it is cut off, or its first line is wrong"
        )
    return words, rows.finish()


def expected_rows(source: Source, form: Description, limit: int | None) -> int:
    """Rows to make room for at first. Room that is not used is never really taken."""
    # Four bytes a number at least, as written by any tool; packed text is a few times smaller.
    plausible = (8 if source.gzipped else 1) * source.bytes_on_disk // (4 * form.size) + 1
    known = [count for count in (limit, form.rows) if count is not None]
    return min([plausible, *known])


def skip(stream: Stream, count: int) -> None:
    """Read past some bytes."""
    while count > 0:
        count -= len(stream.read(min(count, 1 << 20))) or count


def line_chunks(stream: Stream, first_line: int) -> Iterator[Chunk]:
    """Whole lines, some megabytes at a time: (bytes, how many lines, number of the first).

    White space at the end of the file is left out, and its last line gets its line feed.

    Raises
    ------
    VectorsFileError
        A line does not end within 4 MB.
    """
    carried = b""
    while block := stream.read(CHUNK):
        data = carried + block
        # The last line that is not empty is kept back: the file may end with it.
        cut = data.rfind(b"\n", 0, len(data.rstrip(_BLANK))) + 1
        data, carried = data[:cut], data[cut:]
        lines = data.count(b"\n")
        if len(carried) > LONGEST_LINE:
            raise VectorsFileError(
                f"line {first_line + lines} does not end within {LONGEST_LINE:,} bytes, or is "
                "followed by that many line ends; this is not a vectors file"
            )
        if data:
            yield data, lines, first_line
            first_line += lines
    if carried := carried.rstrip(_BLANK):
        yield carried + b"\n", carried.count(b"\n") + 1, first_line


def _parsed(chunks: Iterator[Chunk], form: Description, limit: int | None) -> Iterator[Rows]:
    """Parse chunks in several threads and hand them out in order, few at a time."""
    threads = 1 if limit is not None and limit < 1000 else min(os.cpu_count() or 1, MOST_THREADS)
    waiting: deque[Future[Rows]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for data, lines, first_line in chunks:
                waiting.append(pool.submit(parse_lines, data, lines, first_line, form))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
