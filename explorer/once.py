"""What is built once a process is built once, however many threads ask for it first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Once(Generic[P, T]):
    """A function that runs once for each tuple of its hashable, positional arguments.

    ``functools.cache`` runs the function in every thread that asks before the first answer is
    there, and all answers but one are thrown away. That is harmless for a pure function; a
    folder, a pool of threads or a lock that is thrown away while somebody uses it is not. Here
    the others wait for the first. An exception is not kept: the next who asks tries again.
    """

    def __init__(self, build: Callable[P, T]) -> None:
        self._build = build
        self._built: dict[tuple[Any, ...], T] = {}
        # One lock for all arguments; reentrant, for a function that asks for its own other values.
        self._lock = threading.RLock()
        update_wrapper(self, build)

    def __call__(self, *arguments: P.args, **none: P.kwargs) -> T:
        if none:
            raise TypeError(f"{self._build.__name__} is built once: give its arguments by position")
        if arguments not in self._built:  # reading needs no lock: a value never changes
            with self._lock:
                if arguments not in self._built:
                    self._built[arguments] = self._build(*arguments)
        return self._built[arguments]

    def clear(self) -> None:
        """Forget everything; for tests."""
        with self._lock:
            self._built.clear()


def once(build: Callable[P, T]) -> Once[P, T]:
    """Decorate a function whose value is built once a process; see ``Once``."""
    return Once(build)
