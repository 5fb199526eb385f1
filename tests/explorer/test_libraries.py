"""Libraries are loaded by one thread at a time, whole."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from explorer.libraries import load

CROWD = 8


def test_a_crowd_meets_no_half_made_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two halves that import each other, as the parts of large packages do.
    slow = "import time; time.sleep(0.05)\n"
    for one, other in ("ab", "ba"):
        text = f"{slow}import half_{other}\nname_{one} = 1\n"
        (tmp_path / f"half_{one}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    gate = threading.Barrier(CROWD)

    def arrive(number: int) -> int:
        gate.wait()
        one, other = ("ab", "ba")[number % 2]
        load(f"half_{one}", f"half_{other}")
        return sys.modules["half_a"].name_a + sys.modules["half_b"].name_b

    with ThreadPoolExecutor(CROWD) as pool:
        assert list(pool.map(arrive, range(CROWD))) == [2] * CROWD
