"""What is the same for all is made once, and what is kept is bounded in bytes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from explorer import shared as module
from explorer.shared import Shelf, shared

CROWD = 30
ROW = np.zeros(1000).nbytes


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(room=10 * ROW)
    monkeypatch.setattr(module, "shelf", lambda: shelf)
    return shelf


def test_a_crowd_has_it_made_once(shelf: Shelf) -> None:
    gate, made = threading.Barrier(CROWD), []

    @shared
    def make(number: int) -> np.ndarray:
        made.append(number)
        time.sleep(0.02)  # long enough for everybody to ask
        return np.full(10, number)

    def ask(place: int) -> np.ndarray:
        gate.wait()
        return make(place % 2)

    with ThreadPoolExecutor(CROWD) as pool:
        found = list(pool.map(ask, range(CROWD)))
    assert sorted(made) == [0, 1]
    assert len(set(map(id, found))) == 2


def test_the_bytes_are_bounded_and_what_is_asked_for_stays(shelf: Shelf) -> None:
    made = []

    @shared
    def make(number: int) -> np.ndarray:
        made.append(number)
        return np.full(1000, float(number))

    for number in range(40):
        make(number)
        make(0)
        assert ROW <= shelf.bytes <= shelf.room
    assert made == list(range(40))
    assert len(shelf) == 10
    assert make(39)[0] == 39
    make(1)
    assert made == [*range(40), 1]


def test_what_is_larger_than_all_room_is_not_kept(shelf: Shelf) -> None:
    @shared
    def make(rows: int) -> np.ndarray:
        return np.zeros((rows, 1000))

    make(1)
    assert make(11).shape == (11, 1000)
    assert (len(shelf), shelf.bytes) == (1, ROW)


def test_the_same_settings_said_in_two_ways_are_the_same(shelf: Shelf) -> None:
    made = []

    @shared
    def make(a: int, b: int = 2, *, _unsaid: object = None) -> int:
        made.append((a, b))
        return a + b

    assert make(1) == make(1, 2) == make(b=2, a=1) == make(1, _unsaid=object()) == 3
    assert made == [(1, 2)]
    make.clear()
    assert (shelf.bytes, make(1), len(made)) == (0, 3, 2)


def test_what_fails_for_one_is_tried_again_by_the_next(shelf: Shelf) -> None:
    gate, made = threading.Barrier(2), []

    @shared
    def make() -> int:
        made.append(1)
        time.sleep(0.02)
        if len(made) == 1:
            raise ValueError("not yet")
        return 7

    def ask(_: int) -> int | str:
        gate.wait()
        try:
            return make()
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(ask, range(2)))) == ["7", "not yet"]


def test_a_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.VARIABLE, "much")
    module.shelf.clear()
    with pytest.raises(ValueError, match="UNROLLED_CACHE_MB is 'much'"):
        module.shelf()
    monkeypatch.setenv(module.VARIABLE, "3")
    assert module.shelf().room == 3_000_000
    module.shelf.clear()


def test_a_cursor_is_compared_by_its_contents(shelf: Shelf) -> None:
    made = []

    @shared
    def stage(start: object) -> int:
        made.append(start)
        return len(made)

    cursor = (("pinned", [3, 4]), ("time", 2), ("more", {"a": [1]}))
    again = (("pinned", [3, 4]), ("time", 2), ("more", {"a": [1]}))
    other = (("pinned", [3, 5]), ("time", 2), ("more", {"a": [1]}))
    assert [stage(cursor), stage(again), stage(other)] == [1, 1, 2]
    assert stage((("pinned", (3, 4)),)) == 3
    assert made[0] is cursor  # what is made is made from the argument itself


def test_nothing_is_kept_for_all_beside_the_shelf() -> None:
    app = Path(module.__file__).parent
    others = [
        path.name for path in app.rglob("*.py") if "@st.cache_" in path.read_text(encoding="utf-8")
    ]
    assert others == []  # bounded in entries, not in bytes: use @shared
