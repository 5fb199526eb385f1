"""How much memory a piece of work takes at its highest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Peak:
    """bytes: what the process took at most beyond what it took before."""

    bytes: int = 0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Filled in when the block ends; the test is skipped where the kernel does not tell."""
    if not RESET.exists():
        pytest.skip("the highest memory of a process is read from /proc, which is not here")
    RESET.write_text("5")  # the highest so far is forgotten
    before, peak = _kilobytes("VmRSS"), Peak()
    yield peak
    peak.bytes = 1024 * (_kilobytes("VmHWM") - before)


def _kilobytes(name: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
