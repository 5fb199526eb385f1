"""Who holds a run: a lock that its process loses when it dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PATIENCE = 2.0  # seconds: longer than anybody takes to look whether a lock is free


class BusyError(OSError):
    """Somebody else holds the lock."""


@contextmanager
def held(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Inside, this thread alone holds ``path``.

    Raises BusyError where another one still does after ``patience`` seconds; -1: never.
    """
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise BusyError(f"{path.parent.name} is being trained by another worker.") from error
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Whether somebody holds ``path`` now."""
    if not path.exists():
        return False
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a folder that cannot be written: nobody trains there
        return False
    lock.release()
    return False
