"""Taggers of the gallery: ticket sentences, and addresses with convolutions beside them."""

from __future__ import annotations

from core.applications.tagging import Addresses, Tickets
from core.networks.architecture import Architecture
from core.training.gallery.recipe import GalleryRecipe
from core.training.settings import TrainingSettings

TRAINING = TrainingSettings(
    steps=2500, batch=32, learning_rate=5e-3, final_share=0.02, every=100, validate=500, seed=1
)
SIZES = {"hidden_size": 32, "embedding_size": 24, "dropout": 0.1}


def _tickets(name: str, cell: str, **options) -> GalleryRecipe:
    return GalleryRecipe(
        f"tickets-{name}", Tickets, Architecture(cell, **SIZES, **options), TRAINING
    )


def _addresses(name: str, cell: str, **options) -> GalleryRecipe:
    architecture = Architecture(cell, **SIZES, **options)
    return GalleryRecipe(f"addresses-{name}", Addresses, architecture, TRAINING, language="zh")


RECIPES: tuple[GalleryRecipe, ...] = (
    _tickets("lstm", "lstm"),
    _tickets("elman", "elman"),
    _tickets("jordan", "jordan"),
    _tickets("gru", "gru"),
    _tickets("bilstm", "lstm", bidirectional=True),
    _addresses("lstm", "lstm"),
    _addresses("elman", "elman"),
    _addresses("bilstm", "lstm", bidirectional=True),
    _addresses("convolution", "convolution", window=1),  # three words wide: too short
    _addresses("convolution-wide", "convolution", window=4),
)
