"""CSV files as people write them, and messages for those that are no series."""

from __future__ import annotations

import time

import numpy as np
import pytest

from core.limits import TABLE_BYTES
from core.tasks.series_csv import number_of, read_table, series_from

COUNT = 50


def file_of(rows: list[str], header: str = "month,sold") -> bytes:
    return "\n".join([header, *rows]).encode()


def plain_rows(values: list[object] | None = None) -> list[str]:
    return [f"m{at},{value}" for at, value in enumerate(values or range(COUNT))]


def test_a_plain_file_is_read() -> None:
    table = read_table(file_of(plain_rows()))
    assert table.header == ("month", "sold")
    assert table.number_columns == ("sold",)
    series = series_from(table, "sold", "month")
    np.testing.assert_array_equal(series.values, np.arange(COUNT))
    assert series.times[:2] == ("m0", "m1")
    assert series_from(table, "sold").times[:2] == ("1", "2")


@pytest.mark.parametrize(
    ("cell", "delimiter", "value"),
    [
        ("12.5", ",", 12.5),
        (" -3 ", ",", -3),
        ("−3", ",", -3),
        ("1,234,567.8", ",", 1234567.8),
        ("1 234", ",", 1234),
        ("1,5", ";", 1.5),
        ("1,234", ";", 1.234),
        ("1,234", ",", 1234),
        ("1e-3", ",", 0.001),
        (".5", ",", 0.5),
        ("12,34", ",", None),
        ("12a", ",", None),
        ("1e999", ",", None),
        ("nan", ",", None),
        ("", ",", None),
        ("1.2.3", ",", None),
    ],
)
def test_numbers_are_read_as_they_are_written(
    cell: str, delimiter: str, value: float | None
) -> None:
    assert number_of(cell, delimiter) == value


def test_commas_inside_numbers_do_not_part_cells() -> None:
    tabbed = read_table("\n".join(f"{at}\t1,{at:03}" for at in range(COUNT)).encode())
    assert series_from(tabbed, "column 2").values[7] == pytest.approx(1.007)
    quoted = read_table(file_of([f'm{at},"1,{at:03}"' for at in range(COUNT)]))
    assert series_from(quoted, "sold").values[7] == 1007


def test_semicolons_decimal_commas_a_mark_and_no_header() -> None:
    rows = [f"{at},5" for at in range(COUNT)]
    written = "day;value\n" + "\n".join(f"d{at};{row}" for at, row in enumerate(rows))
    table = read_table(b"\xef\xbb\xbf" + written.encode())
    assert table.delimiter == ";"
    assert table.header == ("day", "value")
    assert series_from(table, "value", "day").values[2] == 2.5
    only = read_table("\n".join(f"{at};{at},5" for at in range(COUNT)).encode())
    assert only.header == ("column 1", "column 2")
    assert series_from(only, "column 2").values[3] == 3.5


def test_chinese_files_of_either_encoding() -> None:
    for codec, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")):
        data = file_of(plain_rows(), "月份,销量").decode().encode(codec)
        table = read_table(data)
        assert table.header == ("月份", "销量")
        assert table.encoding == name


def test_unicode_text_as_spreadsheets_save_it() -> None:
    written = "day\tvalue\r\n" + "".join(f"d{at}\t{at},5\r\n" for at in range(COUNT))
    table = read_table(written.encode("utf-16"))
    assert series_from(table, "value", "day").values[2] == 2.5


FOOTER = "International airline passengers: monthly totals in thousands. ? Jan 49 ? Dec 60"


def test_text_below_the_table_is_left_out_and_told() -> None:
    table = read_table(file_of([*plain_rows(), "", FOOTER, ""]))
    assert table.footer == FOOTER
    assert len(table.rows) == COUNT
    assert read_table(file_of(plain_rows())).footer == ""
    # A row of numbers that is cut short is no footer.
    with pytest.raises(ValueError, match="Row 52 has 1 cells"):
        read_table(file_of([*plain_rows(), "7"]))
    with pytest.raises(ValueError, match="Row 3 has 1 cells"):
        read_table(file_of(["m0,1", "note", *plain_rows()]))


def test_a_cell_keeps_signs_that_end_lines_elsewhere() -> None:
    table = read_table(file_of([f"m{at}\x85\u2028x,{at}" for at in range(COUNT)]))
    assert table.rows[3] == ("m3\x85\u2028x", "3")


@pytest.mark.parametrize(
    "cell", ["1" * 130_000 + "x", "1" * 99 + "x", " " * 130_000, "1," * 60_000]
)
def test_a_cell_is_read_in_linear_time(cell: str) -> None:
    started = time.process_time()
    for _ in range(10):
        assert number_of(cell, ";") is None
    assert time.process_time() - started < 0.2


def test_a_few_missing_values_are_drawn_in_and_told() -> None:
    values: list[object] = list(range(COUNT))
    values[10], values[11], values[30] = "", "NA", "-"
    series = series_from(read_table(file_of(plain_rows(values))), "sold")
    np.testing.assert_allclose(series.values, np.arange(COUNT))
    assert series.filled == (10, 11, 30)


def test_missing_values_at_the_ends_are_cut_off() -> None:
    values: list[object] = ["", "", *range(COUNT), ""]
    series = series_from(read_table(file_of(plain_rows(values))), "sold", "month")
    assert len(series) == COUNT
    assert series.times[0] == "m2"


def test_a_long_gap_is_refused_with_its_row() -> None:
    values: list[object] = list(range(COUNT + 10))
    values[20:27] = [""] * 7
    with pytest.raises(ValueError, match=r"7 in a row \(from row 22\)"):
        series_from(read_table(file_of(plain_rows(values))), "sold")


def test_text_among_the_numbers_is_refused_with_its_row() -> None:
    values: list[object] = list(range(COUNT))
    values[5] = "twelve"
    with pytest.raises(ValueError, match="'twelve' in row 7"):
        series_from(read_table(file_of(plain_rows(values))), "sold")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"a,b\n1,2\n3\n", "Row 3 has 1 cells"),
        (b"PK\x00\x01" * 50, "not text"),
        (b"x" * (TABLE_BYTES + 1), "MB"),
        (b"\xff\xff\xff\xff,1", "not UTF-8 text"),
        (b"a,b\n1,2\n" + b"3," + b"x" * 20_000 + b"\n", "Row 3 has a cell of more than 10,000"),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000 + b"\n", "no CSV table: field larger"),
        (b"," * 1_000_000, "1000001 columns"),
        (b"1\n" * 1_000_000, "more than 20001 rows"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_table(data)


def test_too_short_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        series_from(read_table(file_of(plain_rows(list(range(12))))), "sold")


def test_equal_times_and_names_are_told_apart() -> None:
    table = read_table(("v,v\n" + "\n".join(f"{at},{at}" for at in range(COUNT))).encode())
    assert table.header == ("v", "v (2)")
    same = read_table(file_of([f"today,{at}" for at in range(COUNT)]))
    assert len(set(series_from(same, "sold", "month").times)) == COUNT
