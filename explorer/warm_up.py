"""What the first page does not need is loaded while the reader looks at it."""

from __future__ import annotations

import gc
import threading
from functools import cache


@cache
def begin() -> None:
    """Import torch and plotly in the background, once a process."""
    threading.Thread(target=_load, name="warm-up", daemon=True).start()


def _load() -> None:
    import plotly.graph_objects  # noqa: F401

    import core.recording.reading  # noqa: F401

    # Streamlit collects garbage after every rerun, and with torch imported each collection
    # walks hundreds of thousands of objects that will never die; frozen, they are left out.
    gc.collect()
    gc.freeze()
