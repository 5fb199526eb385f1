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
from core.embeddings.formats.notes import Notes, UnicodeErrors
from core.embeddings.formats.rows import Rows, parse_lines
from core.embeddings.formats.source import Source, Stream

CHUNK = 8 << 20
"""Bytes parsed in one go; each thread holds one chunk and its numbers."""

MOST_THREADS = 4

_BLANK = b"\r\n\t "

Chunk = tuple[bytes, int, int]


def read_text(
    source: Source,
    form: Description,
    limit: int | None,
    notes: Notes | None = None,
    errors: UnicodeErrors = "replace",
) -> tuple[list[str], np.ndarray]:
    """Words (none if the rows have none) and vectors of the first ``limit`` rows.

    Rows that are malformed are left out, and noted; so is it where there are more rows or fewer
    than the first line says.

    Raises
    ------
    VectorsFileError
        Most rows are malformed, or a line does not end.
    """
    notes = Notes() if notes is None else notes
    words: list[str] = []
    rows = GrowingRows(form.size, expected_rows(source, form, limit))
    with source.open(form.codec) as stream:
        skip(stream, form.start)
        chunks = line_chunks(stream, form.first_line)
        for part in _parsed(chunks, form, limit, errors):
            words += part.words
            rows.add(part.numbers)
            notes.skip(part.skipped)
            notes.replace(part.replaced)
            if notes.skipped > len(rows):
                raise VectorsFileError(
                    f"{source.path}: {notes.listed[0]} (most rows are like that; this is not a "
                    "vectors file, or its first line is wrong)"
                )
            if limit is not None and len(rows) >= limit:
                return words[:limit], rows.finish()[:limit]
    there = len(rows) + notes.skipped
    if form.rows is not None and there != form.rows:
        notes.miss(
            max(0, form.rows - there),
            f"the first line says that there are {form.rows:,} rows, but {there:,} are there: the "
            "file is cut off, or its first line is wrong",
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


def _parsed(
    chunks: Iterator[Chunk], form: Description, limit: int | None, errors: UnicodeErrors
) -> Iterator[Rows]:
    """Parse chunks in several threads and hand them out in order, few at a time."""
    threads = 1 if limit is not None and limit < 1000 else min(os.cpu_count() or 1, MOST_THREADS)
    waiting: deque[Future[Rows]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for data, lines, first_line in chunks:
                waiting.append(pool.submit(parse_lines, data, lines, first_line, form, errors))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
