"""Models of the gallery; see recipes.py for how they are found."""

from __future__ import annotations

from core.training.gallery.recipe import GalleryRecipe

RECIPES: tuple[GalleryRecipe, ...] = ()
