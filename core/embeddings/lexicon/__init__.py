"""A grammar's tables of words and its sentences, read from TOML; the files say how they go."""

from __future__ import annotations

import random
import re
import tomllib
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path
from typing import Any

FILES = {"en": "english", "zh": "chinese"}
LANGUAGES = tuple(FILES)

Entry = Mapping[str, tuple[str, ...]]
"""A row, or one form of it: the choices of every column."""

_SLOT = re.compile(r"\{([a-z]+)(\d*)(?:\.([a-z]+))?\}")


@dataclass(frozen=True)
class Slot:
    """A place in a sentence: ``column`` of the entry of ``table`` drawn under ``name``."""

    name: str
    table: str
    column: str


Template = tuple[str | Slot, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Entries to draw from; ``chances`` are cumulative, or None where all are alike."""

    rows: list[Entry]
    entries: list[Entry]
    chances: list[float] | None

    def draw(self, draw: random.Random) -> Entry:
        """One entry."""
        if self.chances is None:
            return self.entries[int(draw.random() * len(self.entries))]
        return self.entries[bisect(self.chances, draw.random() * self.chances[-1])]


@dataclass(frozen=True)
class Analogy:
    """A relation that every row of a table has: between its two columns ``pair``."""

    name: str
    table: str
    pair: tuple[str, str]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """A grammar; ``chances`` are cumulative, one for each template."""

    tables: dict[str, Table]
    templates: list[Template]
    chances: list[float]
    analogies: tuple[Analogy, ...]
    showcase: tuple[tuple[str, ...], ...]

    def draw_template(self, draw: random.Random) -> Template:
        """One sentence with its places still empty."""
        return self.templates[bisect(self.chances, draw.random() * self.chances[-1])]

    def pairs(self, analogy: Analogy) -> list[tuple[str, str]]:
        """The two words of every row."""
        first, second = analogy.pair
        return [(row[first][0], row[second][0]) for row in self.tables[analogy.table].rows]


def read_lexicon(language: str) -> Lexicon:
    """Read the grammar of a language.

    Raises ValueError if the language has none, or a sentence speaks of what is in no table.
    """
    if language not in FILES:
        raise ValueError(f"there is no grammar for {language!r}; choose from {', '.join(FILES)}")
    words, sentences = _read(f"{FILES[language]}_words"), _read(f"{FILES[language]}_sentences")
    tables = {name: _table(table, words["forms"]) for name, table in words["tables"].items()}
    templates, weights = [], []
    for group in sentences.values():
        templates += [_template(line, tables) for line in group["lines"]]
        weights += [group["weight"] / len(group["lines"])] * len(group["lines"])
    return Lexicon(
        tables=tables,
        templates=templates,
        chances=list(accumulate(weights)),
        analogies=tuple(Analogy(a["name"], a["table"], (*a["pair"],)) for a in words["analogies"]),
        showcase=tuple(tuple(group) for group in words["showcase"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def _table(table: dict[str, Any], forms: dict[str, dict[str, dict[str, str]]]) -> Table:
    columns = table["columns"].split()
    cells = _made_up(table["product"]) if "product" in table else map(str.split, table["rows"])
    rows: list[Entry] = [
        {column: tuple(cell.split("/")) for column, cell in zip(columns, row, strict=True)}
        for row in cells
    ]
    entries = rows
    if "forms" in table:
        kinds = forms[table["forms"]].items()
        entries = [_in_form(row, form, words) for row in rows for form, words in kinds]
    if "zipf" not in table:
        return Table(rows, entries, None)
    shares = ((1 + rank) ** -table["zipf"] for rank in range(len(entries)))
    return Table(rows, entries, list(accumulate(shares)))


def _made_up(parts: list[str]) -> list[list[str]]:
    """Every combination of the parts of a word, in an order that favours none of them."""
    words = [["".join(combination)] for combination in product(*map(str.split, parts))]
    random.Random(0).shuffle(words)
    return words


def _in_form(row: Entry, form: str, words: dict[str, str]) -> Entry:
    """A row in one of its forms: that cell comes first, and the form's own words are added."""
    return {"word": row[form], **row, **{column: (word,) for column, word in words.items()}}


def _template(line: str, tables: dict[str, Table]) -> Template:
    """A sentence as words and slots."""
    return tuple(_slot(piece, line, tables) if "{" in piece else piece for piece in line.split())


def _slot(piece: str, line: str, tables: dict[str, Table]) -> Slot:
    match = _SLOT.fullmatch(piece)
    if match is None:
        raise ValueError(f"{piece!r} in {line!r} is no slot; slots look like {{table.column}}")
    table, number, column = match.groups()
    if table not in tables:
        raise ValueError(f"{line!r} speaks of the table {table!r}; there are {', '.join(tables)}")
    columns = tuple(tables[table].entries[0])
    if column is not None and column not in columns:
        raise ValueError(f"{line!r} speaks of {table}.{column}; columns are {', '.join(columns)}")
    return Slot(table + number, table, column or columns[0])
