"""Large libraries are loaded by one thread at a time.

Two threads that import parts of one large package at the same moment, each from another end, meet
half-made modules: Python would rather hand these out than let both wait for ever.
"""

from __future__ import annotations

import threading
from importlib import import_module

LEARN = tuple(
    f"sklearn.{part}" for part in ("decomposition", "cluster", "datasets", "metrics", "neighbors")
)
LAYOUTS = {"tsne": ("openTSNE",), "umap": ("numba", "umap.umap_", "umap.layouts")}
OF_PAGES = dict.fromkeys(
    ("words", "training", "space", "memoryless", "describe", "classify"), LEARN
)
"""What a page needs before its own modules are imported."""
_LOADING = threading.RLock()


def load(*names: str) -> None:
    """Import these modules whole before anybody uses a part of them."""
    with _LOADING:
        for name in names:
            import_module(name)
