"""Word pairs with judgements, and analogy questions, read from text files."""

from __future__ import annotations

import os
from collections.abc import Iterator

from core.encodings import open_as_utf8

Pair = tuple[str, str, float]
Question = tuple[str, str, str, str]


def read_similarity_file(path: str | os.PathLike[str]) -> list[Pair]:
    """Pairs of a file in WordSim form: word, word, judgement on each line, parted by tabs.

    Commas or spaces part them if there is no tab. Lines that begin with # are comments, and a
    first line without a number is a heading.

    Raises
    ------
    ValueError
        The file is in no known encoding, a line has not three parts or no number in the third,
        or there are no pairs.
    """
    pairs: list[Pair] = []
    heading_allowed = True
    for number, line in _lines(path):
        if line.startswith("#"):
            continue
        separator = "\t" if "\t" in line else "," if "," in line else None
        parts = [part.strip() for part in line.split(separator)]
        judgement = _number(parts[2]) if len(parts) >= 3 else None
        if judgement is None and not heading_allowed:
            raise ValueError(
                f"line {number} of {os.fspath(path)} is {line[:60]!r}; "
                "a word, a word and a number were expected, parted by tabs"
            )
        if judgement is not None:
            pairs.append((parts[0], parts[1], judgement))
        heading_allowed = False
    if not pairs:
        raise ValueError(f"{os.fspath(path)} holds no word pairs")
    return pairs


def read_analogy_file(
    path: str | os.PathLike[str],
) -> dict[str, list[Question]]:
    """Questions of a file in Google's form: four words a line, sections opened by ``: name``.

    Questions before the first section are kept under the empty name.

    Raises
    ------
    ValueError
        A line has not four words, or there are no questions.
    """
    sections: dict[str, list[Question]] = {}
    name = ""
    for number, line in _lines(path):
        if line.startswith(":"):
            name = line[1:].strip()
            sections.setdefault(name, [])
            continue
        words = line.split()
        if len(words) != 4:
            raise ValueError(
                f"line {number} of {os.fspath(path)} has {len(words)} words, {line[:60]!r}; "
                "four were expected, or ': name' to open a section"
            )
        sections.setdefault(name, []).append((words[0], words[1], words[2], words[3]))
    if not any(sections.values()):
        raise ValueError(f"{os.fspath(path)} holds no questions")
    return sections


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not empty; a file in no known encoding is refused by line."""
    with open_as_utf8(path) as file:
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                raise ValueError(
                    f"line {number} of {os.fspath(path)} is not UTF-8; save the file as UTF-8"
                ) from error
            if text:
                yield number, text
