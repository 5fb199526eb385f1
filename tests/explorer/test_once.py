"""What is built once a process is built once, also for a crowd."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.once import once

CROWD = 30


def test_a_crowd_builds_it_once() -> None:
    gate, built = threading.Barrier(CROWD), []

    @once
    def build(name: str) -> object:
        built.append(name)
        time.sleep(0.02)  # long enough for everybody to ask
        return object()

    def ask(number: int) -> object:
        gate.wait()
        return build("ab"[number % 2])

    with ThreadPoolExecutor(CROWD) as pool:
        found = list(pool.map(ask, range(CROWD)))
    assert sorted(built) == ["a", "b"]
    assert set(found) == {build("a"), build("b")}


def test_it_may_ask_for_its_own_other_values() -> None:
    @once
    def power(exponent: int) -> int:
        return 1 if exponent == 0 else 2 * power(exponent - 1)

    assert power(10) == 1024


def test_what_failed_is_tried_again() -> None:
    tries: list[int] = []

    @once
    def build() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("no folder")
        return 7

    with pytest.raises(OSError, match="no folder"):
        build()
    assert (build(), build(), len(tries)) == (7, 7, 2)


def test_it_is_called_as_the_function_is() -> None:
    @once
    def build(name: str) -> str:
        """What it builds."""
        return name

    assert build.__doc__ == "What it builds."
    with pytest.raises(TypeError, match="by position"):
        build(name="a")
