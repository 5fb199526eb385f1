"""What readers have opened, kept by the server for as long as they have a page open.

One store in a process owns every file that was given to it, so that a reload of the page or a
second tab of the same reader finds it again, and so that it is let go when the reader has left.
A reader is known by a token that nobody can guess. The store is bounded in bytes, for one reader
and for all, and in time.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = "UNROLLED_OPENED_MB"
"""Environment variable: megabytes of opened files that the server keeps for all readers."""
ALL_MB = 3072
SHARE = 0.5
"""Part of all this that one reader may take."""
MOST_THINGS = 64
GONE_AFTER = 180.0
"""Seconds after the last page of a reader was closed: time enough for a reload."""
FORGOTTEN_AFTER = 12 * 3600.0
"""Seconds after which what nobody has looked at goes, also where a page is still open."""
SWEPT_EVERY = 20.0
OVERHEAD = 4096  # bytes of a thing beyond its content, so that many small ones are bounded too


class NoRoomError(ValueError):
    """There is no room for what a reader wants to open; the message says how much there is."""


@dataclass
class _Thing:
    value: Any
    bytes: int


@dataclass
class _Owner:
    """One reader: what they have opened, by kind and id, and the sessions that look at it."""

    things: dict[tuple[str, str], _Thing] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    seen: float = 0.0
    left: float | None = None  # since when no page of theirs is open

    @property
    def bytes(self) -> int:
        return sum(thing.bytes for thing in self.things.values())

    def without_room_for(self, key: tuple[str, str], size: int, most: int) -> list[tuple[str, str]]:
        """What has to go for a thing of ``size`` bytes: itself as it was, then the oldest."""
        going = [key] if key in self.things else []
        rest = [one for one in self.things if one != key]
        bytes_then = size + sum(self.things[one].bytes for one in rest)
        while rest and (bytes_then > most or len(rest) >= MOST_THINGS):
            bytes_then -= self.things[rest[0]].bytes
            going.append(rest.pop(0))
        return going


class Belongings:
    """The opened files of all readers.

    Parameters
    ----------
    most_bytes
        Bytes kept for all; one reader may take ``SHARE`` of them.
    is_live
        Whether a session with this id still has a page open.
    clock
        Seconds that only grow: a change of the computer's clock must let nothing go.
    """

    def __init__(
        self,
        most_bytes: int,
        is_live: Callable[[str], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most_bytes = most_bytes
        self.most_of_one = int(most_bytes * SHARE)
        self._is_live = is_live
        self._clock = clock
        self._owners: dict[str, _Owner] = {}
        self._lock = threading.RLock()
        self._sweeper: threading.Thread | None = None

    @property
    def bytes(self) -> int:
        """Bytes of everything that is kept."""
        with self._lock:
            return sum(owner.bytes for owner in self._owners.values())

    def look(self, token: str, session: str) -> None:
        """Say that a session of this reader is at work."""
        with self._lock:
            owner = self._owners.get(token)
            if owner is not None:
                owner.sessions.add(session)
                owner.seen = self._clock()

    def keep(self, token: str, session: str, kind: str, name: str, value: Any, size: int) -> None:
        """Take in one thing; where one reader has too much, their oldest goes.

        Raises NoRoomError for what is too large, or where other readers need the room.
        """
        size += OVERHEAD
        if size > self.most_of_one:
            raise NoRoomError(
                f"This takes {_megabytes(size)}; one reader may have "
                f"{_megabytes(self.most_of_one)} open here. Open a smaller file, or start the "
                f"server with a larger {MOST_BYTES}."
            )
        with self._lock:
            owner = self._owners.get(token, _Owner())
            going = owner.without_room_for((kind, name), size, self.most_of_one)
            self._make_room(size - sum(owner.things[key].bytes for key in going), token)
            for key in going:
                del owner.things[key]
            owner.things[kind, name] = _Thing(value, size)
            self._owners[token] = owner
            self.look(token, session)
            self._sweep_from_now_on()

    def all_of(self, token: str, kind: str) -> dict[str, Any]:
        """What a reader has opened of one kind, by name, the oldest first."""
        with self._lock:
            owner = self._owners.get(token, _Owner())
            return {name: one.value for (own, name), one in owner.things.items() if own == kind}

    def drop(self, token: str, kind: str, name: str) -> None:
        """Let one thing go."""
        with self._lock:
            if token in self._owners:
                self._owners[token].things.pop((kind, name), None)

    def sweep(self) -> None:
        """Let go what belongs to readers who have left, or has not been looked at for long."""
        with self._lock:
            now = self._clock()
            for token, owner in list(self._owners.items()):
                owner.sessions = {one for one in owner.sessions if self._is_live(one)}
                if now - owner.seen > FORGOTTEN_AFTER or not owner.things:
                    del self._owners[token]
                elif owner.sessions:
                    owner.left = None
                elif owner.left is None:
                    owner.left = now
                elif now - owner.left > GONE_AFTER:
                    del self._owners[token]

    def _make_room(self, size: int, token: str) -> None:
        """Readers who have left make room at once; those who are here are not robbed."""
        left = [
            owner
            for other, owner in self._owners.items()
            if other != token and not any(map(self._is_live, owner.sessions))
        ]
        left.sort(key=lambda owner: owner.seen)
        while self.bytes + size > self.most_bytes and left:
            left.pop(0).things.clear()
        if self.bytes + size > self.most_bytes:
            raise NoRoomError(
                f"The files that readers have open here take {_megabytes(self.bytes)} of "
                f"{_megabytes(self.most_bytes)}; this one needs {_megabytes(size)} more. Try again "
                f"when others have closed theirs, or start the server with a larger {MOST_BYTES}."
            )

    def _sweep_from_now_on(self) -> None:
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=self._keep_sweeping, daemon=True, name="sweep")
            self._sweeper.start()

    def _keep_sweeping(self) -> None:
        while True:
            time.sleep(SWEPT_EVERY)
            self.sweep()
            with self._lock:
                if not self._owners:
                    self._sweeper = None
                    return


def bytes_allowed() -> int:
    """What ``UNROLLED_OPENED_MB`` says, else the standard. Raises ValueError for nonsense."""
    said = os.environ.get(MOST_BYTES, str(ALL_MB))
    if not (said.isascii() and said.isdigit() and int(said) > 0):
        raise ValueError(f"{MOST_BYTES} is {said!r}; expected a whole number of megabytes.")
    return int(said) * 10**6


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
