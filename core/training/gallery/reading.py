"""Models that answer one thing to one thing, or once at the end of a sequence."""

from __future__ import annotations

from functools import partial

from core.applications.digit_images import DigitImage, DigitRows
from core.applications.next_letter import NextLetter
from core.applications.sentiment import Sentiment
from core.networks.architecture import Architecture
from core.training.gallery.recipe import GalleryRecipe
from core.training.settings import TrainingSettings

_SENTENCES = TrainingSettings(steps=2500, batch=32, learning_rate=8e-3)
_IMAGES = TrainingSettings(steps=2500, batch=32, learning_rate=1e-2, weight_decay=0.01)
_LETTERS = TrainingSettings(steps=1500, batch=16, unroll=48, learning_rate=5e-3)


def _sentiment(language: str, cell: str, *, window: int = 0) -> GalleryRecipe:
    width = f"-{2 * window + 1}" if window else ""
    hidden = 64 if window else 32
    return GalleryRecipe(
        id=f"sentiment-{language}-{cell}{width}",
        application=partial(Sentiment, language),
        architecture=Architecture(cell, hidden_size=hidden, embedding_size=16, window=window),
        training=_SENTENCES,
        language=language,
    )


def _rows(architecture: Architecture, training: TrainingSettings = _IMAGES) -> GalleryRecipe:
    return GalleryRecipe(f"digit-rows-{architecture.cell}", DigitRows, architecture, training)


def _letters(language: str, cell: str, *, window: int = 0) -> GalleryRecipe:
    width = f"-{window + 1}" if cell == "perceptron" else ""
    return GalleryRecipe(
        id=f"letters-{language}-{cell}{width}",
        application=partial(NextLetter, language),
        architecture=Architecture(cell, hidden_size=48, embedding_size=0, window=window),
        training=_LETTERS,
        language=language,
    )


RECIPES: tuple[GalleryRecipe, ...] = (
    GalleryRecipe(
        id="digit-image-perceptron",
        application=DigitImage,
        architecture=Architecture("perceptron", hidden_size=32),
        training=TrainingSettings(steps=1000, batch=32, learning_rate=5e-3, weight_decay=0.01),
    ),
    *(_letters(language, "elman") for language in ("en", "zh")),
    *(
        _letters(language, "perceptron", window=window)
        for language in ("en", "zh")
        for window in (0, 1, 2)
    ),
    *(
        _sentiment(language, cell, window=window)
        for language in ("en", "zh")
        for cell, window in (("lstm", 0), ("gru", 0), ("convolution", 1), ("convolution", 2))
    ),
    _rows(Architecture("lstm", hidden_size=48, dropout=0.2)),
    _rows(Architecture("gru", hidden_size=48, dropout=0.2)),
    # with one layer an Elman network stays below the nearest mean image
    _rows(
        Architecture("elman", hidden_size=64, num_layers=2, dropout=0.2),
        TrainingSettings(steps=3000, batch=32, learning_rate=2e-3, weight_decay=0.01),
    ),
)
