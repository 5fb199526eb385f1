"""What readers have opened is theirs alone, bounded, and let go when they have left."""

from __future__ import annotations

import pytest

from explorer.belongings import (
    FORGOTTEN_AFTER,
    GONE_AFTER,
    MOST_THINGS,
    OVERHEAD,
    Belongings,
    NoRoomError,
    bytes_allowed,
)

KB = 1000
ROOM = 1000 * KB  # one reader may have half of it


class Hall:
    """A store with a clock that the test turns, and pages that it closes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.open: set[str] = set()
        self.store = Belongings(ROOM, self.open.__contains__, lambda: self.now)

    def keep(self, reader: str, name: str, size: int = KB, session: str = "") -> None:
        session = session or f"page of {reader}"
        self.open.add(session)
        self.store.keep(reader, session, "file", name, f"{reader}'s {name}", size)

    def names(self, reader: str) -> list[str]:
        return list(self.store.all_of(reader, "file"))

    def pass_time(self, seconds: float) -> None:
        """As the sweep sees it: once as things are, and again when the time has passed."""
        self.store.sweep()
        self.now += seconds
        self.store.sweep()


def test_only_the_reader_with_the_token_finds_it() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt")
    assert hall.store.all_of("anna", "file") == {"a.txt": "anna's a.txt"}
    assert hall.store.all_of("anna", "vectors") == {}
    assert hall.store.all_of("bo", "file") == {}


def test_a_reload_and_a_second_page_find_it_and_leaving_lets_it_go() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt")
    hall.open.clear()
    hall.pass_time(GONE_AFTER - 1)
    hall.open.add("second page")
    hall.store.look("anna", "second page")
    hall.pass_time(10 * GONE_AFTER)
    assert hall.names("anna") == ["a.txt"]
    hall.open.clear()
    hall.pass_time(GONE_AFTER + 1)
    assert hall.names("anna") == []
    assert hall.store.bytes == 0


def test_a_page_left_open_for_a_night_does_not_hold_its_files() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt")
    hall.pass_time(FORGOTTEN_AFTER + 1)
    assert hall.names("anna") == []


def test_one_reader_with_too_much_loses_their_oldest_and_nobody_elses() -> None:
    hall = Hall()
    hall.keep("bo", "b.txt", 300 * KB)
    for number in range(4):
        hall.keep("anna", f"{number}.txt", 200 * KB)
    assert hall.names("anna") == ["2.txt", "3.txt"]
    assert hall.names("bo") == ["b.txt"]


def test_the_same_file_again_takes_no_more_room() -> None:
    hall = Hall()
    for _ in range(5):
        hall.keep("anna", "a.txt", 300 * KB)
    assert hall.store.bytes == 300 * KB + OVERHEAD


def test_many_small_files_are_bounded_too() -> None:
    hall = Hall()
    for number in range(3 * MOST_THINGS):
        hall.keep("anna", f"{number}.txt", 0)
    assert len(hall.names("anna")) == MOST_THINGS


def test_readers_who_are_here_are_not_robbed_and_those_who_left_make_room() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt", 450 * KB)
    hall.keep("bo", "b.txt", 450 * KB)
    with pytest.raises(NoRoomError, match=r"0\.9 MB of 1\.0 MB; this one needs 0\.4 MB more"):
        hall.keep("cy", "c.txt", 400 * KB)
    assert (hall.names("anna"), hall.names("bo"), hall.names("cy")) == (["a.txt"], ["b.txt"], [])
    hall.open.remove("page of bo")
    hall.keep("cy", "c.txt", 400 * KB)
    assert (hall.names("anna"), hall.names("bo"), hall.names("cy")) == (["a.txt"], [], ["c.txt"])


def test_what_is_too_large_for_one_is_refused_and_costs_nothing() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt")
    with pytest.raises(NoRoomError, match=r"takes 0\.6 MB; one reader may have 0\.5 MB"):
        hall.keep("anna", "big.txt", 600 * KB)
    assert hall.names("anna") == ["a.txt"]


def test_what_is_closed_is_gone() -> None:
    hall = Hall()
    hall.keep("anna", "a.txt")
    hall.store.drop("anna", "file", "a.txt")
    hall.store.drop("nobody", "file", "a.txt")
    assert hall.names("anna") == []


@pytest.mark.parametrize("said", ["", "0", "-3", "1e3", "many", "٣"])
def test_a_limit_that_is_no_number_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_OPENED_MB", said)
    with pytest.raises(ValueError, match="whole number of megabytes"):
        bytes_allowed()
