"""A series out of somebody's CSV file: which columns there are, and one of them as numbers."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.encodings import decode_text
from core.limits import CELL_CHARACTERS, NUMBER_CHARACTERS, TABLE_BYTES, TABLE_COLUMNS
from core.tasks.series import LONGEST, SHORTEST, Series

DELIMITERS = ";\t|,"  # where several could be, a comma is more likely part of a number
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", ".", "?"}
LONGEST_GAP, MOST_MISSING = 5, 0.1
FEWEST_ABOVE, MOST_FOOTER = 10, 5  # rows of a table, and of the text below it
# No two neighbours of a pattern can read the same sign, so each is read in linear time.
SPACES = re.compile(r"[\s\u00a0\u202f']+")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Table:
    """The cells of a CSV file as they were written.

    header: the names of the columns, made up (column 1, ...) where the first row is data.
    first_row: the number in the file of the first row of data, counted from 1.
    encoding: what the file was found to be in.
    footer: text below the table that was left out, as some tables have it; empty where none is.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    first_row: int
    encoding: str = "UTF-8"
    footer: str = ""

    def column(self, name: str) -> list[str]:
        """The cells of one column."""
        place = self.header.index(name)
        return [row[place] for row in self.rows]

    @property
    def number_columns(self) -> tuple[str, ...]:
        """The columns in which at least half of the cells are numbers."""
        return tuple(
            name
            for name in self.header
            if 2 * sum(number_of(cell, self.delimiter) is not None for cell in self.column(name))
            >= len(self.rows)
        )


def read_table(data: bytes) -> Table:
    """The table in a CSV file, with commas, semicolons, tabs or bars between its cells.

    Up to ``MOST_FOOTER`` rows of text below the table are left out and kept as its footer.
    Raises ValueError for a file that is too large, no text, or has rows of different lengths.
    """
    if len(data) > TABLE_BYTES:
        raise ValueError(
            f"The file has {len(data) / 1e6:.1f} MB; give at most {TABLE_BYTES // 10**6} MB."
        )
    text, encoding = decode_text(data, "The file")
    # Only these end a line; a cell may hold any other sign.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [line for line in lines if line.strip()]
    if not lines:
        raise ValueError("The file is empty; expected a row for each moment in time.")
    delimiter = _delimiter(lines[:20])
    rows, footer = _rows(lines, delimiter)
    titled = any(number_of(cell, delimiter) is None for cell in rows[0]) and len(rows) > 1
    header = _names(rows[0] if titled else [""] * len(rows[0]))
    cells = tuple(tuple(row) for row in (rows[1:] if titled else rows))
    return Table(header, cells, delimiter, 2 if titled else 1, encoding, footer)


def _rows(lines: list[str], delimiter: str) -> tuple[list[list[str]], str]:
    """Rows of equal length, and the text below them."""
    try:
        reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
        rows = list(islice(reader, LONGEST + 2))
    except csv.Error as error:
        raise ValueError(f"The file is no CSV table: {error}.") from error
    width = len(rows[0])
    if width > TABLE_COLUMNS or len(rows) > LONGEST + 1:
        many = "more than " if len(rows) > LONGEST + 1 else ""
        count = min(len(rows), LONGEST + 1)
        raise ValueError(
            f"The table has {width} columns and {many}{count} rows; give at most {TABLE_COLUMNS} "
            f"columns and {LONGEST} rows."
        )
    end = _end_of_table(rows, delimiter)
    for number, row in enumerate(rows[:end], start=1):
        if len(row) != width:
            raise ValueError(
                f"Row {number} has {len(row)} cells, the first row {width}; every row needs the "
                "same number. Put text that holds the delimiter in quotation marks."
            )
        if max(map(len, row), default=0) > CELL_CHARACTERS:
            raise ValueError(
                f"Row {number} has a cell of more than {CELL_CHARACTERS:,} characters; look for a "
                "quotation mark that is not closed."
            )
    return rows[:end], " ".join(" ".join(row).strip() for row in rows[end:])


def _end_of_table(rows: list[list[str]], delimiter: str) -> int:
    """Where text begins below the table: rows of another length with no number in them."""
    end = len(rows)
    while len(rows) - end < MOST_FOOTER and end > FEWEST_ABOVE:
        row = rows[end - 1]
        if len(row) == len(rows[0]) or any(number_of(cell, delimiter) is not None for cell in row):
            break
        end -= 1
    return end if end > FEWEST_ABOVE else len(rows)


def series_from(table: Table, value: str, time: str | None = None) -> Series:
    """One column as a series; ``time`` names the column that says what each moment is called.

    A few missing values (empty, NA, ...) are drawn in on a straight line between their
    neighbours, at most 5 in a row and 10% of all; at either end they are cut off.
    Raises ValueError for cells that are no numbers, saying where, and for too many missing.
    """
    numbers = _numbers(table, value)
    names = table.column(time) if time else [str(at + 1) for at in range(len(numbers))]
    known = np.flatnonzero(~np.isnan(numbers))
    if len(known) < SHORTEST:
        raise ValueError(
            f"The column {value!r} has {len(known)} numbers; a series needs at least {SHORTEST}."
        )
    first, last = int(known[0]), int(known[-1]) + 1
    numbers, names = numbers[first:last], names[first:last]
    missing = np.flatnonzero(np.isnan(numbers))
    _check_missing(missing, len(numbers), first + table.first_row, value)
    places = np.arange(len(numbers))
    filled = np.interp(places, places[~np.isnan(numbers)], numbers[~np.isnan(numbers)])
    return Series(value, tuple(_unique(names)), filled, tuple(missing.tolist()))


def number_of(cell: str, delimiter: str = ",") -> float | None:
    """The number written in ``cell``: 1234.5, 1 234.5 or 1,234.5; None for anything else.

    Where the cells are not parted by commas, a single comma is a decimal comma, as it is where
    tables are written so: 1,234 is then a little more than one.
    """
    if len(cell) > NUMBER_CHARACTERS:
        return None
    text = SPACES.sub("", cell).replace("−", "-")
    if PLAIN.fullmatch(text):
        return _finite(text)
    if delimiter != "," and DECIMAL_COMMA.fullmatch(text):
        return _finite(text.replace(",", "."))
    return _finite(text.replace(",", "")) if THOUSANDS.fullmatch(text) else None


def _finite(text: str) -> float | None:
    value = float(text)
    return value if np.isfinite(value) else None


def _delimiter(lines: list[str]) -> str:
    """The first mark that stands equally often in all lines; else the commonest of the first."""
    for mark in DELIMITERS:
        if lines[0].count(mark) and len({line.count(mark) for line in lines}) == 1:
            return mark
    return max(reversed(DELIMITERS), key=lambda mark: lines[0].count(mark))


def _names(cells: list[str]) -> tuple[str, ...]:
    named = [cell.strip()[:60] or f"column {at}" for at, cell in enumerate(cells, start=1)]
    return tuple(_unique(named))


def _unique(names: list[str]) -> list[str]:
    """The same names, with a number behind those that come again."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        short = name.strip()[:40]
        seen[short] = seen.get(short, 0) + 1
        found.append(short if seen[short] == 1 else f"{short} ({seen[short]})")
    return found


def _numbers(table: Table, value: str) -> np.ndarray:
    found, wrong = [], []
    for row, cell in enumerate(table.column(value), start=table.first_row):
        number = number_of(cell, table.delimiter)
        if number is None and cell.strip().lower() not in MISSING:
            wrong.append(f"{cell.strip()[:20]!r} in row {row}")
        found.append(np.nan if number is None else number)
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ValueError(
            f"The column {value!r} holds {', '.join(wrong[:3])}{more}; expected numbers. Choose "
            "another column, or leave the cell empty where a value is missing."
        )
    return np.array(found)


def _check_missing(missing: np.ndarray, count: int, first_row: int, value: str) -> None:
    if not len(missing):
        return
    runs = np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1)
    longest = max(runs, key=len)
    if len(longest) > LONGEST_GAP or len(missing) > MOST_MISSING * count:
        raise ValueError(
            f"In the column {value!r} {len(missing)} of {count} values are missing, up to "
            f"{len(longest)} in a row (from row {first_row + int(longest[0])}). Up to "
            f"{LONGEST_GAP} in a row and {MOST_MISSING:.0%} of all can be drawn in; fill them, or "
            "give a part of the series."
        )


def series_of_text(text: str) -> Series:
    """The last column of numbers in a CSV text, its moments called as the first column says.

    Raises ValueError for a text that is no table of numbers.
    """
    table = read_table(text.encode())
    if not table.number_columns:
        raise ValueError(
            f"The table has the columns {', '.join(table.header)[:200]}, none of numbers; expected "
            "one with a number in each row."
        )
    value, first = table.number_columns[-1], table.header[0]
    return series_from(table, value, first if first != value else None)
