"""Sessions that were left are closed by the clock, and what only rings hold is freed."""

from __future__ import annotations

import gc
import weakref

import pytest

from explorer.upkeep import CLOSED_AFTER, Upkeep


class House:
    """Sessions with open browsers, and a clock."""

    def __init__(self) -> None:
        self.now, self.open, self.closed = 0.0, set(), []
        self.upkeep = Upkeep(self.open.__contains__, self.closed.append, lambda: self.now)

    def arrive(self, session: str) -> None:
        self.open.add(session)
        self.upkeep.look(session)

    def after(self, seconds: float) -> int:
        self.now += seconds
        return self.upkeep.round()


class Ring:
    """What refers to itself: no count of references ever frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def house() -> House:
    return House()


def test_who_is_here_stays_and_who_left_is_closed_once(house: House) -> None:
    for name in ("ann", "bob"):
        house.arrive(name)
    assert house.after(10 * CLOSED_AFTER) == 0
    house.open.remove("bob")
    assert house.after(CLOSED_AFTER / 2) == 0
    assert house.after(CLOSED_AFTER) == 1
    assert house.closed == ["bob"]
    assert house.after(10 * CLOSED_AFTER) == 0


def test_who_comes_back_in_time_is_not_closed(house: House) -> None:
    house.arrive("ann")
    house.open.clear()
    house.after(CLOSED_AFTER * 0.9)
    house.open.add("ann")
    house.after(CLOSED_AFTER * 0.9)
    house.open.clear()
    assert house.after(CLOSED_AFTER * 0.9) == 0
    assert house.after(CLOSED_AFTER) == 1


def test_what_a_session_leaves_is_freed_although_it_was_frozen(house: House) -> None:
    house.arrive("ann")
    ring = Ring()
    gone = weakref.ref(ring)
    gc.freeze()  # as the warm-up does
    del ring
    gc.collect()
    assert gone() is not None
    house.open.clear()
    house.after(2 * CLOSED_AFTER)
    assert gone() is None
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_what_is_here_is_left_frozen_while_others_read(house: House) -> None:
    for name in ("ann", "bob"):
        house.arrive(name)
    gc.freeze()
    frozen = gc.get_freeze_count()
    ring = Ring()
    gone = weakref.ref(ring)
    del ring
    house.open.remove("ann")
    house.after(2 * CLOSED_AFTER)
    assert gone() is None
    assert gc.get_freeze_count() == frozen
    gc.unfreeze()
