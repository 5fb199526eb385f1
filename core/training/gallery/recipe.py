"""One model of the gallery: what it is for, its network, and how it is trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.applications import Application
from core.networks.architecture import Architecture
from core.training.settings import TrainingSettings


@dataclass(frozen=True)
class GalleryRecipe:
    """A shipped model: the same recipe gives the same weights on the same machine.

    id: of the model and its file. language: of its inputs, en or zh; empty for neither.
    application: makes the application, with its data.
    """

    id: str
    application: Callable[[], Application]
    architecture: Architecture
    training: TrainingSettings
    language: str = ""
