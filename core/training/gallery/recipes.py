"""All recipes of the gallery, in the order in which its models are offered."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from core.training.gallery.recipe import GalleryRecipe

SLICES = ("reading", "tagging", "signals", "translation", "generation")


@cache
def recipes() -> dict[str, GalleryRecipe]:
    """Every recipe by its id."""
    found = (
        recipe
        for part in SLICES
        for recipe in import_module(f"core.training.gallery.{part}").RECIPES
    )
    return {recipe.id: recipe for recipe in found}


def find_recipe(model_id: str) -> GalleryRecipe:
    """The recipe with this id; a ValueError that lists them all otherwise."""
    known = recipes()
    if model_id not in known:
        names = ", ".join(known)
        raise ValueError(f"The gallery has no model {model_id!r}; choose one of {names}.")
    return known[model_id]
