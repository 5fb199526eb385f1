"""What the first page does not need is loaded while the reader looks at it."""

from __future__ import annotations

import gc
import threading
from importlib import import_module

from explorer.libraries import LEARN, load
from explorer.once import once


@once
def begin() -> None:
    """Load in the background, once a process, what the other pages need.

    pandas first and here: plotly takes it where another thread is just importing it, half there.
    """
    import_module("pandas")
    threading.Thread(target=_load, name="warm-up", daemon=True).start()


def settle() -> None:
    """Freeze what has been imported.

    With torch imported a collection walks hundreds of thousands of objects that will never die;
    frozen, they are left out. What else is alive at this moment is thawed by the upkeep.
    """
    gc.collect()
    gc.freeze()


def _load() -> None:
    """Do once what the pages do, since much is imported only by the first who needs it."""
    load("torch")
    import torch

    from core.networks.model_file import load_model
    from core.recording import read_text
    from core.training.shelf import shipped_models
    from explorer.language import texts_of
    from explorer.pictures import cell_stage, states_stage

    torch.set_num_threads(1)
    texts = texts_of("en")
    one_of_each = {model.cell: model for model in reversed(shipped_models())}
    for model in one_of_each.values():
        trace = read_text(load_model(model.path), model.example)
        cell_stage(trace, texts, {})
        states_stage(trace, texts, {})
    settle()
    load(*LEARN)
    # Last, because it can take seconds the first time on a machine and only trainings need it.
    from core.embeddings.word2vec import compile_loops

    load("numba")
    compile_loops()
