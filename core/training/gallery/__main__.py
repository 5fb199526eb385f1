"""Make the gallery's models from their seeds: ``python -m core.training.gallery [ids]``."""

from __future__ import annotations

import argparse
import fcntl
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from core.training.gallery.make import make, one_thread
from core.training.gallery.recipes import find_recipe, recipes
from core.training.gallery.shelf import FOLDER, GalleryModel, gallery_models, write_gallery


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
    with ProcessPoolExecutor(chosen.jobs, mp_context=context, initializer=one_thread) as pool:
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
