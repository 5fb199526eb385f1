"""Files that could be opened: what they hold is found out before anything is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.embeddings.formats import (
    Description,
    OpenedVectors,
    describe_vectors,
    open_vectors,
)
from core.embeddings.formats.source import GZIP_MAGIC, find_source
from core.embeddings.formats.word_list import find_word_list
from core.encodings import NAMES, EncodingError, recognise
from core.limits import VECTORS_MEMORY
from explorer.space.sources import Facts, Source

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
        Its list of words or metadata file, if one came with it; ``words_name`` is what the reader
        calls it.
    folder
        The temporary folder of an upload, which lives as long as this does; None for a file of
        the server.
    """

    name: str
    path: Path
    bytes: int
    form: Description | None = None
    words: Path | None = None
    words_name: str = ""
    refused: str = ""
    folder: Any = field(default=None, repr=False)

    @property
    def rows(self) -> int | None:
        """Rows that it says it has."""
        return None if self.form is None else self.form.rows

    @property
    def lacks_words(self) -> bool:
        """Whether it is vectors that need a list of words."""
        return self.form is not None and (not self.form.has_words or self.is_array)

    @property
    def is_array(self) -> bool:
        """Whether its form has room for numbers alone, as far as its name tells."""
        return self.name.lower().removesuffix(".gz").endswith(WITHOUT_WORDS)

    @property
    def is_foreign(self) -> bool:
        """Whether it is no text at all, so no list of words either."""
        with self.path.open("rb") as file:
            head = file.read(4096)
        if head.startswith(GZIP_MAGIC):
            return False
        try:
            recognise(head, whole=len(head) < 4096)
        except EncodingError:
            return True
        return False

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
        fitting = VECTORS_MEMORY // (4 * max(1, self.form.size)) if self.form else 0
        limits: list[int | None] = [
            limit for limit in LIMITS if limit <= fitting and (rows is None or limit < rows)
        ]
        if self.memory <= VECTORS_MEMORY:
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
    found = Candidate(name, path, size, form, words, folder=folder)
    if folder is None and found.lacks_words and words is None:  # of the server: not given together
        beside = find_word_list(find_source(path))
        if beside is not None:
            return replace(found, words=Path(beside), words_name=Path(beside).name)
    return found


def look_at_all(files: Sequence[tuple[str, Path]], folder: Any = None) -> list[Candidate]:
    """What every file is, the last given first; a list of words goes with the vectors it is for.

    Vectors without words take the list of the same name, else the one list there is; so does the
    only file of vectors with words, for which the list says more about them.
    """
    found = {name: look_at(name, path, folder=folder) for name, path in files}
    lists = [one for one in found.values() if one.form is None and not one.is_foreign]
    lacking = [one for one in found.values() if one.lacks_words]
    if lacking and not lists:  # a table of words with numbers reads as vectors by itself
        arrays = [one for one in lacking if one.is_array]
        lists = [one for one in found.values() if one.form is not None and not one.is_array]
        lists = lists if arrays else [one for one in lists if one not in lacking]
        lacking = arrays or lacking
    whole = [one for one in found.values() if one.form is not None and one not in lists]
    for one in lacking or (whole if len(whole) == 1 else []):
        named = [other for other in lists if _stem(other.name).startswith(_stem(one.name))]
        chosen = (named or lists if len(lists) == 1 or named else [])[:1]
        for other in chosen:
            found[one.name] = replace(one, words=other.path, words_name=other.name)
            found.pop(other.name, None)
            if len(lacking) > 1 and not named:
                lists.remove(other)
    return list(found.values())[::-1]


def look_at_pair(files: Sequence[tuple[str, Path]], folder: Any = None) -> Candidate:
    """The vectors among one or two files, with the list that goes with them."""
    return look_at_all(files, folder)[0]


def _stem(name: str) -> str:
    """The name without its endings and without what a projector puts behind it."""
    stem = name.lower().partition(".")[0]
    return stem.removesuffix("_metadata")


def open_candidate(candidate: Candidate, limit: int | None) -> Source:
    """Load the vectors.

    Raises ValueError, saying which line is wrong and what to do.
    """
    is_local = candidate.folder is None
    try:
        opened = open_vectors(candidate.path, limit, words=candidate.words, cache=is_local)
    except ValueError as error:
        text = str(error).replace(str(candidate.path), candidate.name)
        if candidate.words is not None:
            text = text.replace(str(candidate.words), candidate.words_name)
        raise ValueError(text) from error
    cut = "" if limit is None else f"-{limit}"
    return Source(
        id=f"own-{_digest(candidate)}{cut}",
        name=candidate.name[:60],
        vectors=opened.vectors,
        labels=opened.labels,
        metadata=opened.columns,
        words_name=candidate.words_name or (opened.words_from.name if opened.words_from else ""),
        limit=limit,
        facts=_facts(opened),
    )


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
        encoding=NAMES[opened.description.codec],
        duplicates=len(opened.duplicates),
        repeated=opened.repeated,
        skipped=opened.notes.skipped,
        replaced=opened.notes.replaced,
        missing=opened.notes.missing,
        listed=tuple(opened.notes.listed),
        not_finite=len(opened.not_finite_rows),
        zero=len(opened.zero_rows),
    )
