"""Networks that write: dates, numbers, and the names of handwritten digits."""

from __future__ import annotations

from dataclasses import replace

from core.applications.describe import ChineseDigits, EnglishDigits
from core.applications.translation import Dates, Numbers
from core.networks.architecture import Architecture
from core.training.gallery.recipe import GalleryRecipe
from core.training.settings import TrainingSettings

ONE_WAY = Architecture("gru", 64, embedding_size=32)
LOOKING_BACK = Architecture("gru", 48, embedding_size=32, bidirectional=True, attention=True)
SEEN_ONCE = Architecture("gru", 96, embedding_size=16, dropout=0.3)

TRAINING = TrainingSettings(steps=4000, batch=64, learning_rate=5e-3)
IMAGES = TrainingSettings(steps=1500, batch=64, learning_rate=5e-3, weight_decay=0.05)

RECIPES: tuple[GalleryRecipe, ...] = (
    GalleryRecipe("dates-gru", Dates, ONE_WAY, TRAINING),
    GalleryRecipe("dates-gru-attention", Dates, LOOKING_BACK, replace(TRAINING, steps=2500)),
    GalleryRecipe("dates-lstm", Dates, replace(ONE_WAY, cell="lstm"), TRAINING),
    GalleryRecipe("numbers-lstm", Numbers, replace(ONE_WAY, cell="lstm"), TRAINING, "en"),
    GalleryRecipe(
        "numbers-gru-attention", Numbers, LOOKING_BACK, replace(TRAINING, steps=2000), "en"
    ),
    GalleryRecipe("digit-names-en-gru", EnglishDigits, SEEN_ONCE, IMAGES, "en"),
    GalleryRecipe("digit-names-zh-gru", ChineseDigits, SEEN_ONCE, IMAGES, "zh"),
)
