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
LIGHT = ("home", "cell", "unrolled", "states", "gradients")
"""Pages that show something before torch is there."""
_LOADING = threading.RLock()


_LOADED: set[str] = set()


def load(*names: str) -> None:
    """Import these modules whole before anybody uses a part of them."""
    if _LOADED.issuperset(names):
        return
    with _LOADING:
        for name in names:
            import_module(name)
            _LOADED.add(name)


def load_for(page: str) -> None:
    """What the modules of a page are built on."""
    if page not in LIGHT:
        load("torch", *LEARN)
