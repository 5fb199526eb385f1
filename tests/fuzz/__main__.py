"""``python -m tests.fuzz addresses --count 2000 --seed 0``: try them, and list what went wrong."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

KINDS = {"addresses": 2000, "files": 5000}


def main() -> int:
    """0 where nothing went wrong, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, help="how many inputs; 2,000 addresses, 5,000 files")
    parser.add_argument("--seed", type=int, default=0)
    said = parser.parse_args()
    count = KINDS[said.kind] if said.count is None else said.count
    return int(bool(import_module(f"tests.fuzz.{said.kind}").main(count, said.seed)))


if __name__ == "__main__":
    sys.exit(main())
