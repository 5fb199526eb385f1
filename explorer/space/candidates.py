"""Files that could be opened: what they hold is found out before anything is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.embeddings.formats import (
    Description,
    OpenedVectors,
    describe_vectors,
    open_vectors,
)
from explorer.space.metadata import read_metadata
from explorer.space.sources import Facts, Source

MOST_BYTES = 1 << 30
"""Memory that the vectors of one file may take."""
LIMITS = (10_000, 50_000, 100_000, 200_000, 400_000, 1_000_000)
GROWTH_OF_GZIP = 20
HEAD = 1 << 18
WITHOUT_WORDS = (".npy", ".safetensors")


@dataclass(frozen=True, eq=False)
class Candidate:
    """A file that could be opened, or why it cannot be.

    Parameters
    ----------
    name
        What the reader calls it.
    form
        What was found in its first bytes; None where it is refused.
    words
        Its list of words or metadata file, if one came with it.
    folder
        The temporary folder of an upload, which lives as long as this does; None for a file of
        the server.
    """

    name: str
    path: Path
    bytes: int
    form: Description | None = None
    words: Path | None = None
    refused: str = ""
    folder: Any = field(default=None, repr=False)

    @property
    def rows(self) -> int | None:
        """Rows that it says it has."""
        return None if self.form is None else self.form.rows

    @property
    def about(self) -> int | None:
        """About how many rows a text has that does not say it, judged by its first lines."""
        if self.form is None or self.form.kind != "text" or self.form.gzipped:
            return None
        with self.path.open("rb") as file:
            head = file.read(HEAD)
        return max(1, round(self.bytes * head.count(b"\n") / max(1, len(head))))

    @property
    def memory(self) -> int:
        """Bytes that all its vectors will take, as far as can be told before."""
        if self.form is None:
            return 0
        if self.form.memory is not None:
            return self.form.memory
        if self.about is not None:
            return 4 * self.about * self.form.size
        return self.bytes * (GROWTH_OF_GZIP if self.form.gzipped else 1)

    @property
    def limits(self) -> list[int | None]:
        """Numbers of rows that may be opened; None, at the end, stands for all of them."""
        rows = self.rows or self.about
        fitting = MOST_BYTES // (4 * max(1, self.form.size)) if self.form else 0
        limits: list[int | None] = [
            limit for limit in LIMITS if limit <= fitting and (rows is None or limit < rows)
        ]
        if self.memory <= MOST_BYTES:
            return [*limits, None]
        return limits or [max(1, fitting)]


def look_at(name: str, path: Path, words: Path | None = None, folder: Any = None) -> Candidate:
    """Find out what a file is, without loading it."""
    size = path.stat().st_size
    try:
        form = describe_vectors(path)
    except ValueError as error:
        reason = str(error).replace(str(path), name)
        return Candidate(name, path, size, refused=reason, folder=folder)
    return Candidate(name, path, size, form, words, folder=folder)


def look_at_pair(files: Sequence[tuple[str, Path]], folder: Any = None) -> Candidate:
    """One file, or two of which one lists the words of the other, in whichever order."""
    if len(files) == 1:
        return look_at(*files[0], folder=folder)
    (name, path), (_, words) = sorted(files[:2], key=lambda file: not _holds_numbers(file[1]))
    return look_at(name, path, words, folder)


def open_candidate(candidate: Candidate, limit: int | None) -> Source:
    """Load the vectors.

    Raises ValueError, saying which line is wrong and what to do.
    """
    is_local = candidate.folder is None
    try:
        opened = open_vectors(candidate.path, limit, words=candidate.words, cache=is_local)
        metadata = read_metadata(candidate.words, opened.vectors) if candidate.words else {}
    except ValueError as error:
        text = str(error).replace(str(candidate.path), candidate.name)
        if candidate.words is not None:
            text = text.replace(str(candidate.words), candidate.words.name)
        raise ValueError(text) from error
    cut = "" if limit is None else f"-{limit}"
    return Source(
        id=f"own-{_digest(candidate)}{cut}",
        name=candidate.name[:60],
        vectors=opened.vectors,
        metadata=metadata,
        facts=_facts(opened),
    )


def _holds_numbers(path: Path) -> bool:
    """Of a pair, the file with the vectors; the other one is the list of words."""
    if path.name.lower().removesuffix(".gz").endswith(WITHOUT_WORDS):
        return True
    try:
        return not describe_vectors(path).has_words
    except ValueError:
        return False


def _digest(candidate: Candidate) -> str:
    """A name for the content; for a file of the server, which may be huge, for its state."""
    digest = hashlib.sha256()
    for path in filter(None, (candidate.path, candidate.words)):
        if candidate.folder is None:
            state = path.stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}".encode())
        else:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _facts(opened: OpenedVectors) -> Facts:
    return Facts(
        form=opened.description.kind,
        gzipped=opened.description.gzipped,
        duplicates=len(opened.duplicates),
        not_finite=len(opened.not_finite_rows),
        zero=len(opened.zero_rows),
    )
