"""What a reader held is given back soon after the reader has left.

Streamlit keeps a session that was left for two minutes, in case the browser comes back, and lets
it go when another one is left after that: with its uploaded files, on a quiet server, never. A
session is also a ring of objects, which only a collection frees, and a collection after every
rerun (Streamlit's own way) costs more than the rerun. So sessions are closed here by the clock,
and what they leave is collected then.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.once import once

EVERY = 15.0
"""Seconds between two rounds."""
CLOSED_AFTER = 90.0
"""Seconds without a browser after which a session is closed; Streamlit forgets it after 120."""
WHOLE_EVERY = 600.0
"""Seconds after which also what is frozen is looked through while somebody is here."""


class Upkeep:
    """The sessions that have been seen, and when each was last found open."""

    def __init__(
        self,
        is_open: Callable[[str], bool],
        close: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_open, self._close, self._clock = is_open, close, clock
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()
        self._whole_at = clock()

    def look(self, session: str) -> None:
        """A page of this session runs."""
        with self._lock:
            self._seen[session] = self._clock()

    def round(self) -> int:
        """Close the sessions that were left, and free what they held; how many these were."""
        now = self._clock()
        with self._lock:
            for session in self._seen:
                if self._is_open(session):
                    self._seen[session] = now
            left = [one for one, seen in self._seen.items() if now - seen > CLOSED_AFTER]
            for session in left:
                del self._seen[session]
            nobody = not self._seen
        for session in left:
            self._close(session)
        if left:
            self._free(whole=nobody or now - self._whole_at > WHOLE_EVERY)
        return len(left)

    def _free(self, *, whole: bool) -> None:
        if whole:
            self._whole_at = self._clock()
            gc.unfreeze()  # what was alive when the warm-up froze everything may be dead by now
        gc.collect()
        if whole:
            gc.freeze()
        _give_back()


def look() -> None:
    """To be called by every run of the app: the session at work is known to the upkeep."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and Runtime.exists():
        begin().look(context.session_id)


@once
def begin() -> Upkeep:
    """The upkeep of this process, at work from now on."""
    upkeep = Upkeep(
        is_open=lambda session: Runtime.instance().is_active_session(session),
        close=lambda session: Runtime.instance().close_session(session),
    )
    threading.Thread(target=_go_on, args=(upkeep,), name="upkeep", daemon=True).start()
    return upkeep


def _go_on(upkeep: Upkeep) -> None:
    while True:
        time.sleep(EVERY)
        if Runtime.exists():
            upkeep.round()


def _give_back() -> None:
    """Hand pages that hold nothing back to the system, where the C library can (glibc)."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
