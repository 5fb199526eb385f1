"""Tagged sentences, and the files that hold them: one token and its tag a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from core.tasks.chunks import split_tag

MAX_BYTES = 32 * 2**20
MAX_TOKENS = 2_000_000
MAX_SENTENCE = 1000  # tokens of one sentence: a longer one is a blank line forgotten
MAX_TAGS = 1000
DOCUMENT = "-DOCSTART-"


class Tagged(NamedTuple):
    """A sentence with a tag for every token."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


def read_conll(path: str | Path, *, max_bytes: int = MAX_BYTES) -> list[Tagged]:
    """The sentences of a file; see ``parse_conll``.

    Raises FileNotFoundError, and ValueError for a file that is too large, is not UTF-8 or
    does not hold tagged sentences.
    """
    path = Path(path)
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    return parse_conll(decoded(data, path.name, max_bytes=max_bytes), name=path.name)


def decoded(data: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> str:
    """The text of a file's bytes; ValueError where it is too large or not UTF-8."""
    if len(data) > max_bytes:
        raise ValueError(
            f"{name} has more than {max_bytes:,} bytes; give a smaller part of it, whole sentences."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{name}, line {line}: the bytes are not UTF-8; save the file as UTF-8 text."
        ) from error


def parse_conll(text: str, *, name: str = "The text") -> list[Tagged]:
    """Sentences of lines ``token<TAB>tag`` with a blank line after each.

    With several columns, parted by tabs or else by blanks, the token is the first and the tag
    the last. Tags are O, or B-, I-, E-, S- and a kind of phrase. Lines that begin with ``#``
    are comments, except ``#<TAB>tag``; lines that begin with ``-DOCSTART-`` are left out.

    Raises ValueError with the number of the line for anything else, for more than
    ``MAX_TOKENS`` tokens, ``MAX_SENTENCE`` in one sentence or ``MAX_TAGS`` different tags,
    and for a text without any sentence.
    """
    sentences: list[Tagged] = []
    rows: list[tuple[str, str]] = []
    seen: set[str] = set()
    count = 0
    for number, line in enumerate((*text.splitlines(), ""), start=1):
        place = f"{name}, line {number}"
        if not line.strip():
            if rows:
                sentences.append(_sentence(rows))
                rows = []
            continue
        if _is_comment(line):
            continue
        token, tag = _row(line, place)
        if tag not in seen:
            _check_tag(tag, place)
            seen.add(tag)
        rows.append((token, tag))
        count += 1
        _check_sizes(count, len(rows), len(seen), place)
    if not sentences:
        raise ValueError(
            f"{name} holds no sentence; expected lines 'token<TAB>tag' with a blank line after "
            "each sentence."
        )
    return sentences


def written(sentences: Iterable[Tagged]) -> str:
    """Sentences as ``parse_conll`` reads them."""
    return "\n".join(
        "".join(f"{token}\t{tag}\n" for token, tag in zip(sentence.tokens, sentence.tags))
        for sentence in sentences
    )


def _sentence(rows: list[tuple[str, str]]) -> Tagged:
    tokens, tags = zip(*rows)
    return Tagged(tokens, tags)


def _is_comment(line: str) -> bool:
    return (line.startswith("#") and not line.startswith("#\t")) or line.startswith(DOCUMENT)


def _row(line: str, place: str) -> tuple[str, str]:
    columns = line.strip().split("\t") if "\t" in line.strip() else line.split()
    token, tag = columns[0].strip(), columns[-1].strip()
    if len(columns) < 2 or not token or not tag:
        shown = line.strip()[:40]
        raise ValueError(
            f"{place}: {shown!r} is not a token and its tag; expected both on the line, parted by "
            "a tab or a blank."
        )
    return token, tag


def _check_tag(tag: str, place: str) -> None:
    try:
        split_tag(tag[:80])
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error


def _check_sizes(tokens: int, length: int, tags: int, place: str) -> None:
    for found, most, what, remedy in (
        (tokens, MAX_TOKENS, "tokens", "give a part of the file"),
        (length, MAX_SENTENCE, "tokens in one sentence", "put a blank line after each sentence"),
        (tags, MAX_TAGS, "different tags", "check that the last column holds the tags"),
    ):
        if found > most:
            raise ValueError(f"{place}: more than {most:,} {what}; {remedy}.")
