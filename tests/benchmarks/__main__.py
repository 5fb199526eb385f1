"""``python -m tests.benchmarks [names] [--json] [--readme]``: every number the project promises.

A name is that of a line or of a module here (``recording``); without names everything runs.
A module takes part with ``BENCHMARKS``, a dict from the names of lines to the function that
measures them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from tests.benchmarks.result import Result
from tests.benchmarks.table import fill

Benchmark = Callable[[], list[Result]]
ROW = "{:<36} {:>12} {:>12} {:>8} {:>8} {}"


def modules() -> Iterator[tuple[str, ModuleType]]:
    """Every module here that can be imported; what keeps another from it is printed."""
    for found in iter_modules([str(Path(__file__).parent)]):
        if found.name == "__main__":
            continue
        try:
            yield found.name, import_module(f"tests.benchmarks.{found.name}")
        except ModuleNotFoundError as error:
            print(f"{found.name} is left out: {error}.", file=sys.stderr)


def chosen(names: list[str]) -> Iterator[Result]:
    """The lines called ``names``, or all of them. Exits where a name is not known."""
    found = {name: module for name, module in modules() if benchmarks_of(module)}
    lines = {line for module in found.values() for key in benchmarks_of(module) for line in key}
    if unknown := set(names) - lines - set(found):
        sys.exit(
            f"No benchmark is called {', '.join(sorted(unknown))}. There are the modules "
            f"{', '.join(found)} and the lines {', '.join(sorted(lines))}."
        )
    for module_name, module in found.items():
        whole = not names or module_name in names
        for key, benchmark in benchmarks_of(module).items():
            if whole or set(key) & set(names):
                yield from (result for result in benchmark() if whole or result.name in names)


def benchmarks_of(module: ModuleType) -> dict[tuple[str, ...], Benchmark]:
    """What a module measures, by the names of the lines."""
    return getattr(module, "BENCHMARKS", {})


def row(result: Result) -> str:
    """One printed line."""
    target = "-" if result.target is None else f"{result.target:g}"
    missed = "" if result.ok else "missed"
    numbers = (f"{result.ours:.4g}", f"{result.reference:.4g}", f"{result.ratio:.2f}")
    return ROW.format(result.name, *numbers, target, missed).rstrip()


def main() -> None:
    """Run what was asked for and print it, a line at a time unless it is to be JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="lines or modules to run (default: all)")
    parser.add_argument("--json", action="store_true", help="print a JSON list of objects")
    parser.add_argument("--readme", action="store_true", help="also fill the README's table")
    arguments = parser.parse_args()
    results = []
    if not arguments.json:
        print(ROW.format("name", "ours", "reference", "ratio", "target", "").rstrip())
    for result in chosen(arguments.names):
        results.append(result)
        if not arguments.json:
            print(row(result), flush=True)
    if arguments.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    if arguments.readme:
        fill(results)


if __name__ == "__main__":
    main()
