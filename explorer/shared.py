"""What is the same for all visitors is made once and kept, as long as there is room for it.

A recording, the bytes of a stage or a figure depend on settings alone, so a class that follows
its teacher asks for the same thirty times. All of it lies in one place of this process, whose
size is bounded in bytes: what was longest not asked for goes first.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import update_wrapper
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar

from explorer.once import once
from explorer.sizes import size_of

P = ParamSpec("P")
T = TypeVar("T")
VARIABLE = "UNROLLED_CACHE_MB"
"""Environment variable: megabytes (1e6 bytes) that are kept for all visitors together."""
MEGABYTES = 512


class Shelf:
    """Values by their keys, with room for so many bytes; any thread may ask."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value called ``key``; ``make`` is called by one thread, the others wait for it.

        What ``make`` raises goes to the caller; the next who asks tries again.
        """
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key][0]
                other = self._making.get(key)
                if other is None:
                    mine = self._making[key] = threading.Event()
                    break
            other.wait()
        try:
            value = make()
            self._keep(key, value, size_of(value))
            return value
        finally:
            with self._lock:
                del self._making[key]
            mine.set()

    def forget(self, wanted: Callable[[Hashable], bool]) -> None:
        """Let go of everything whose key is wanted away."""
        with self._lock:
            for key in [key for key in self._kept if wanted(key)]:
                self.bytes -= self._kept.pop(key)[1]

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        if size > self.room:
            return
        with self._lock:
            self._kept[key] = value, size
            self.bytes += size
            while self.bytes > self.room:
                _, (_, freed) = self._kept.popitem(last=False)
                self.bytes -= freed


class Shared(Generic[P, T]):
    """A function whose values lie on the shelf of this process; see ``shared``."""

    def __init__(self, make: Callable[P, T]) -> None:
        self._make = make
        self._name = f"{make.__module__}.{make.__qualname__}"
        self._signature = signature(make)
        self._unhashed = {name for name in self._signature.parameters if name.startswith("_")}
        update_wrapper(self, make)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> T:
        bound = self._signature.bind(*arguments, **named)
        bound.apply_defaults()
        asked = tuple(
            frozen(value) for name, value in bound.arguments.items() if name not in self._unhashed
        )
        return shelf().get((self._name, asked), lambda: self._make(*arguments, **named))

    def clear(self) -> None:
        """Let go of all values of this function."""
        shelf().forget(lambda key: isinstance(key, tuple) and key[0] == self._name)


def frozen(value: Any) -> Hashable:
    """Lists and dicts, at any depth, as tuples with the same contents; the rest as it is."""
    if isinstance(value, Mapping):
        return ("dict", frozenset((key, frozen(part)) for key, part in value.items()))
    if isinstance(value, list):
        return ("list", *map(frozen, value))
    # a named tuple or a plain one: equal exactly if its parts are
    return tuple(map(frozen, value)) if isinstance(value, tuple) else value


def shared(make: Callable[P, T]) -> Shared[P, T]:
    """Decorate a function of settings: each value is made once for all visitors.

    The arguments must be hashable, or lists and dicts of what is, such as a cursor; they must say
    everything that the value depends on. Those whose name begins with an underscore are passed on
    and not compared. The value is the same object for everybody, so nobody may change it.
    """
    return Shared(make)


@once
def shelf() -> Shelf:
    """The one shelf of this process.

    Raises ValueError where ``UNROLLED_CACHE_MB`` is no number of megabytes.
    """
    said = os.environ.get(VARIABLE, str(MEGABYTES))
    if not said.isdecimal():
        raise ValueError(f"{VARIABLE} is {said!r}; expected a number of megabytes, like 512.")
    return Shelf(int(said) * 1_000_000)
