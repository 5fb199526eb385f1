"""Tagged sentences, and the files that hold them: one token and its tag a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from core.encodings import Decoded, decode_text
from core.limits import (
    TAG_COLUMNS,
    TAG_FILE_BYTES,
    TAG_KINDS,
    TAG_SENTENCE_TOKENS,
    TAG_SENTENCES,
    TAG_TOKENS,
    TOKEN_CHARACTERS,
)
from core.tasks.tag_schemes import recognise

DOCUMENT = "-DOCSTART-"
UNIVERSAL_COLUMNS = 10
"""Columns of CoNLL-U: number, form, lemma, part of speech, ..."""

LONGEST_LINE = TAG_COLUMNS * (TOKEN_CHARACTERS + 1)
_BLANK = " \t\r"
_LOOKED_AT = 200


class Tagged(NamedTuple):
    """A sentence with a tag for every token."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class TagFile:
    """What a file of tagged sentences holds.

    sentences: with the tags O, B-, I-, E-, S- and a kind, whatever they were in the file.
    scheme: how the file marks phrases (see ``tag_schemes.Scheme``). universal: whether it is
    CoNLL-U. comments: how many lines were left out as comments.
    """

    sentences: list[Tagged]
    scheme: str
    universal: bool
    comments: int


def read_conll(path: str | Path, *, max_bytes: int = TAG_FILE_BYTES) -> list[Tagged]:
    """The sentences of a file; see ``parse_tags``.

    Raises FileNotFoundError, and ValueError for a file that is too large, is no text or does
    not hold tagged sentences.
    """
    path = Path(path)
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    return parse_conll(decoded(data, path.name, max_bytes=max_bytes).text, name=path.name)


def decoded(data: bytes, name: str, *, max_bytes: int = TAG_FILE_BYTES) -> Decoded:
    """The text of a file's bytes; ValueError where it is too large or no text."""
    if len(data) > max_bytes:
        raise ValueError(
            f"{name} has more than {max_bytes:,} bytes; give a smaller part of it, whole sentences."
        )
    return decode_text(data, name)


def parse_conll(text: str, *, name: str = "The text") -> list[Tagged]:
    """The sentences of ``parse_tags``."""
    return parse_tags(text, name=name).sentences


def parse_tags(text: str, *, name: str = "The text") -> TagFile:
    """Sentences of lines ``token<TAB>tag`` with a blank line after each.

    Lines end at line feeds only, so a token may hold any other sign. With several columns,
    parted by tabs or else by blanks, the token is the first and the tag the last; in CoNLL-U, of
    ten columns that begin with the token's number, the token is the second and the tag the
    fourth, its part of speech. Tags in BIO, IOB1, IOBES, BMES or BILOU, without letters (IO), or
    a class for every token are brought to O, B-, I-, E- and S-.

    A line that begins with ``#`` is a comment where a sentence would begin and it has not the
    columns of a token; lines that begin with ``-DOCSTART-`` are left out.

    Raises ValueError with the number of the line for anything else, for more than the limits of
    ``core.limits`` (tokens, sentences, tokens in a sentence, different tags, characters in a
    token), and for a text without any sentence.
    """
    lines = text.split("\n")
    layout = _layout(lines)
    found: list[tuple[list[str], list[str]]] = []
    tokens: list[str] = []
    tags: list[str] = []
    first_line: dict[str, int] = {}
    same: dict[str, str] = {}  # a word that comes again takes no memory again
    comments = count = 0
    for number, line in enumerate((*lines, ""), start=1):
        line = line.strip(_BLANK)
        if not line:
            if tokens:
                found.append((tokens, tags))
                tokens, tags = [], []
                _check(len(found), TAG_SENTENCES, "sentences", name, number)
            continue
        if layout.is_comment(line, begins=not tokens):
            comments += 1
            continue
        _check(len(line), LONGEST_LINE, "characters in one line", name, number)
        row = layout.row(line)
        if row is None:
            continue
        token, tag = row
        if not (token and tag):
            raise ValueError(
                f"{name}, line {number}: {line[:40]!r} is not a token and its tag; expected both "
                "on the line, parted by a tab or a blank."
            )
        _check(len(token), TOKEN_CHARACTERS, "characters in one token", name, number)
        first_line.setdefault(tag, number)
        tokens.append(same.setdefault(token, token))
        tags.append(same.setdefault(tag, tag))
        count += 1
        _check(len(tokens), TAG_SENTENCE_TOKENS, "tokens in one sentence", name, number)
        _check(len(first_line), TAG_KINDS, "different tags", name, number)
        _check(count, TAG_TOKENS, "tokens", name, number)
    if not found:
        raise ValueError(
            f"{name} holds no sentence; expected lines 'token<TAB>tag' with a blank line after "
            "each sentence."
        )
    return _converted(found, first_line, name, universal=layout.universal, comments=comments)


def written(sentences: Iterable[Tagged]) -> str:
    """Sentences as ``parse_conll`` reads them."""
    return "\n".join(
        "".join(f"{token}\t{tag}\n" for token, tag in zip(sentence.tokens, sentence.tags))
        for sentence in sentences
    )


class _Layout(NamedTuple):
    """How the columns of a file are parted, and how many they are."""

    tab: bool
    columns: int
    universal: bool

    def parts(self, line: str) -> list[str]:
        """The columns of a line."""
        if self.tab and "\t" in line:
            return [part.strip(_BLANK) for part in line.split("\t")]
        return [part for part in line.replace("\t", " ").split(" ") if part]

    def row(self, line: str) -> tuple[str, str] | None:
        """Token and tag, empty where there are none; None for a line of CoNLL-U without a word."""
        parts = self.parts(line)
        if self.universal and len(parts) == UNIVERSAL_COLUMNS:
            # 3-4 stands for words that follow, 8.1 for one that was left out.
            return (parts[1], parts[3]) if parts[0].isdigit() else None
        if self.tab and line.startswith("#") and "\t" not in line:
            return "", ""  # no comment, for it stands inside a sentence
        return (parts[0], parts[-1]) if len(parts) > 1 else ("", "")

    def is_comment(self, line: str, *, begins: bool) -> bool:
        """Whether a line is left out."""
        if line.startswith(DOCUMENT):
            return True
        if not begins or not line.startswith("#"):
            return False
        columns = line.count("\t") + 1 if self.tab else len(self.parts(line[:LONGEST_LINE]))
        return columns != self.columns


def _layout(lines: list[str]) -> _Layout:
    """Told from the first rows of tokens that do not begin with ``#``."""
    rows = [row for row in _first_rows(lines) if not row.startswith(("#", DOCUMENT))]
    tab = any("\t" in row for row in rows) or not rows
    found = _Layout(tab, 2, False)
    parted = [found.parts(row) for row in rows]
    counts = [len(parts) for parts in parted]
    columns = max(set(counts), key=counts.count) if counts else 2
    universal = (
        tab
        and columns == UNIVERSAL_COLUMNS
        and all(parts[0][:1].isdigit() for parts in parted if len(parts) == columns)
    )
    return _Layout(tab, columns, universal)


def _first_rows(lines: list[str]) -> Iterator[str]:
    rows = (row for line in lines if (row := line.strip(_BLANK)))
    yield from (row[:LONGEST_LINE] for row, _ in zip(rows, range(_LOOKED_AT)))


def _converted(
    found: list[tuple[list[str], list[str]]],
    first_line: dict[str, int],
    name: str,
    *,
    universal: bool,
    comments: int,
) -> TagFile:
    try:
        scheme = recognise(tags for _, tags in found)
    except ValueError as error:
        wrong = next((tag for tag in first_line if repr(tag[:80]) in str(error)), None)
        place = f"{name}, line {first_line[wrong]}" if wrong else name
        raise ValueError(f"{place}: {error}") from error
    sentences = [Tagged(tuple(tokens), tuple(scheme.convert(tags))) for tokens, tags in found]
    return TagFile(sentences, scheme.name, universal, comments)


_REMEDIES = {
    "tokens": "give a part of the file",
    "sentences": "give a part of the file",
    "tokens in one sentence": "put a blank line after each sentence",
    "different tags": "check that the last column holds the tags",
    "characters in one line": "expected a token and its tag on each line",
    "characters in one token": "check that a tab or a blank parts it from its tag",
}


def _check(count: int, most: int, what: str, name: str, line: int) -> None:
    if count > most:
        raise ValueError(f"{name}, line {line}: more than {most:,} {what}; {_REMEDIES[what]}.")
