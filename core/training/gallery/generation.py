"""Models that write word by word; those that write letter by letter are in ../recipes.py."""

from __future__ import annotations

from functools import partial

from core.applications.text import NextWord
from core.networks.architecture import Architecture
from core.training.gallery.recipe import GalleryRecipe
from core.training.settings import TrainingSettings

WORDS = TrainingSettings(
    steps=3000, batch=32, unroll=32, learning_rate=8e-3, seed=1, every=100, validate=1000
)

RECIPES: tuple[GalleryRecipe, ...] = tuple(
    GalleryRecipe(
        id=f"words-{corpus}-gru",
        application=partial(NextWord, corpus),
        architecture=Architecture("gru", hidden_size=64, embedding_size=24),
        training=WORDS,
        language=language,
    )
    for corpus, language in (("grammar", "en"), ("chinese", "zh"))
)
