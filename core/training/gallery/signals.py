"""Morse code, the frames of a video, and the sunspots."""

from __future__ import annotations

from functools import partial

from core.applications.frames import Frames
from core.applications.morse import Morse
from core.applications.sunspots import Sunspots
from core.networks.architecture import Architecture
from core.training.gallery.recipe import GalleryRecipe
from core.training.settings import TrainingSettings

FRAMES = partial(
    TrainingSettings, batch=32, learning_rate=5e-3, weight_decay=0.01, every=50, validate=400
)
MORSE = TrainingSettings(steps=4000, batch=16, learning_rate=1e-2, every=50, validate=250)
SUNSPOTS = TrainingSettings(
    steps=300, batch=16, unroll=64, learning_rate=1e-2, weight_decay=0.1, every=20, validate=100
)

RECIPES: tuple[GalleryRecipe, ...] = (
    GalleryRecipe(
        "morse-lstm", Morse, Architecture(cell="lstm", hidden_size=64, embedding_size=0), MORSE
    ),
    *(
        GalleryRecipe(
            f"frames-{cell}",
            Frames,
            Architecture(cell=cell, hidden_size=48, embedding_size=0),
            FRAMES(steps=steps),
        )
        for cell, steps in (("gru", 1600), ("lstm", 1600), ("perceptron", 800))
    ),
    GalleryRecipe(
        "frames-perceptron-5",
        Frames,
        Architecture(cell="perceptron", hidden_size=48, embedding_size=0, window=2),
        FRAMES(steps=800),
    ),
    *(
        GalleryRecipe(
            f"sunspots-{cell}",
            Sunspots,
            Architecture(cell=cell, hidden_size=16, embedding_size=0),
            SUNSPOTS,
        )
        for cell in ("lstm", "gru", "elman")
    ),
)
