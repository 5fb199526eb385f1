"""One model of the gallery, trained from its recipe, scored and saved."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import torch

from core.applications import Applied, new_network, save_applied
from core.training.gallery.recipe import GalleryRecipe
from core.training.gallery.shelf import GalleryModel
from core.training.loop import train


def make(recipe: GalleryRecipe, folder: Path) -> GalleryModel:
    """Train one model from its seed, score it on its test part, and save it.

    Raises ValueError when it ends up no better than the simple rule, which would make it
    nothing to show.
    """
    application, started = recipe.application(), time.perf_counter()
    model = new_network(application, recipe.architecture, recipe.training.seed)
    for _ in train(model, application, recipe.training):
        pass
    seconds = time.perf_counter() - started
    score, baseline = application.measure(model, "test").score, application.baseline
    better = score > baseline.score if application.higher_is_better else score < baseline.score
    if not better:
        raise ValueError(f"{recipe.id} scores {score:.4f}, no better than {baseline}.")
    made = GalleryModel(
        id=recipe.id,
        application=application.name,
        shape=application.shape,
        language=recipe.language,
        cell=recipe.architecture.cell,
        units=recipe.architecture.hidden_size,
        layers=recipe.architecture.num_layers,
        bidirectional=recipe.architecture.bidirectional,
        attention=recipe.architecture.attention,
        window=recipe.architecture.window,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        metric=application.metric,
        higher_is_better=application.higher_is_better,
        score=round(score, 5),
        baseline_name=baseline.name,
        baseline=round(baseline.score, 5),
        steps=recipe.training.steps,
        seed=recipe.training.seed,
        seconds=round(seconds, 1),
        examples=application.examples,
        file=f"{recipe.id}.safetensors",
    )
    info = {
        "training": asdict(recipe.training),
        "seed": recipe.training.seed,
        "metric": made.metric,
        "score": made.score,
        "baseline": made.baseline,
        "baseline_name": made.baseline_name,
        "torch": torch.__version__,
    }
    save_applied(
        folder / made.file,
        Applied(recipe.id, application, recipe.architecture, model.eval(), info),
    )
    return made


def one_thread() -> None:
    """What a process that makes models begins with."""
    torch.set_num_threads(1)  # side by side, more threads only get in each other's way
