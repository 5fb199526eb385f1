"""Make the gallery's models from their seeds: ``python -m core.training.gallery [ids]``."""

from __future__ import annotations

import argparse
import fcntl
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch

from core.applications import Applied, new_network, save_applied
from core.training.gallery.recipe import GalleryRecipe
from core.training.gallery.recipes import find_recipe, recipes
from core.training.gallery.shelf import FOLDER, GalleryModel, gallery_models, write_gallery
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


def _one_thread() -> None:
    torch.set_num_threads(1)  # side by side, more threads only get in each other's way


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands may make models at once; only one at a time changes the index."""
    with (folder / ".gallery.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _enter(model: GalleryModel, folder: Path) -> None:
    with _alone(folder):
        known = {entry.id: entry for entry in gallery_models(folder)} | {model.id: model}
        write_gallery((known[name] for name in recipes() if name in known), folder)


def main(arguments: list[str] | None = None) -> int:
    """Make every model of the gallery, or only the named ones, and bring the index up to date."""
    parser = argparse.ArgumentParser(prog="python -m core.training.gallery", description=__doc__)
    parser.add_argument("ids", nargs="*", help="only these models (default: all)")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder (default: assets/models)")
    parser.add_argument("--jobs", type=int, default=1, help="models trained at the same time")
    chosen = parser.parse_args(arguments)
    wanted = [find_recipe(name) for name in chosen.ids] or list(recipes().values())
    chosen.out.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(chosen.jobs, mp_context=context, initializer=_one_thread) as pool:
        waiting = [pool.submit(make, recipe, chosen.out) for recipe in wanted]
        for future in as_completed(waiting):
            model = future.result()
            _enter(model, chosen.out)
            print(
                f"{model.id:24} {model.metric} {model.score:.4f} "
                f"({model.baseline_name} {model.baseline:.4f}), {model.parameters:,} parameters, "
                f"{model.seconds:.0f} s",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
