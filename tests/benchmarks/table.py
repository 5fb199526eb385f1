"""The table of results in the README, filled by the benchmarks themselves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.result import Result

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
HEAD = ("| line | ours | reference | ratio | target | |", "|---|---:|---:|---:|---:|---|")


def fill(results: Iterable[Result], path: Path = README) -> None:
    """Write the lines into the table; those that were not measured now stay as they are."""
    path.write_text(filled(path.read_text(encoding="utf-8"), results), encoding="utf-8")


def filled(text: str, results: Iterable[Result]) -> str:
    """``text`` with the lines that have a target in its table, in the order of the names.

    Raises ValueError where ``text`` has no place for the table.
    """
    if BEGIN not in text or END not in text:
        raise ValueError(f"The README has no table of results between {BEGIN} and {END}.")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    rows = {row.split("|")[1].strip(" `"): row for row in old.splitlines() if row.startswith("| `")}
    rows |= {result.name: row_of(result) for result in results if result.target is not None}
    lines = (*HEAD, *(rows[name] for name in sorted(rows)))
    return f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}"


def row_of(result: Result) -> str:
    """One line of the table."""
    verdict = "reached" if result.ok else "missed"
    numbers = f"{result.ours:.4g} | {result.reference:.4g} | {result.ratio:.2f}"
    return f"| `{result.name}` | {numbers} | {result.target:g} | {verdict} |"
