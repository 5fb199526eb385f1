"""Make the shipped models again from their seeds: ``python -m core.training.ship``."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

import torch

from core.networks.model_file import TextModel, load_model, save_model
from core.recording import read_text
from core.tasks.corpora import CORPUS_CHARACTERS, CORPUS_SEED
from core.training.evaluation import Score, score
from core.training.loop import new_model, train
from core.training.recipes import RECIPES, Recipe, find_recipe
from core.training.shelf import FOLDER, INDEX, ShippedModel, shipped_models, write_index


def make(recipe: Recipe) -> tuple[TextModel, Score]:
    """Train the model of ``recipe`` from its seed, and score it.

    Raises ValueError when it ends up no better than counting pairs of characters, which would
    make it nothing to show.
    """
    task, settings = recipe.corpus.task(), recipe.corpus.training
    model = new_model(recipe.settings(len(task.vocabulary)), settings.seed)
    (*_, last) = train(model, task, settings)
    scores = score(model, task)
    if not scores.bits_per_character < scores.bigram_bits:
        raise ValueError(f"{recipe.id} is no better than counting pairs: {scores}.")
    info: dict[str, object] = {
        "corpus": recipe.corpus.name,
        "seed": settings.seed,
        "steps": settings.steps,
        "training": asdict(settings),
        "loss_bits": last.bits,
        **asdict(scores),
        "torch": torch.__version__,
    }
    if recipe.corpus.name != "namaskar":
        info |= {"corpus_seed": CORPUS_SEED, "corpus_characters": CORPUS_CHARACTERS}
    return TextModel(recipe.id, model.eval(), task.vocabulary, info), scores


def write(recipe: Recipe, folder: Path) -> ShippedModel:
    """Train, save and record one model; what the index says of it."""
    trained, scores = make(recipe)
    path = save_model(folder / f"{recipe.id}.safetensors", trained)
    made = load_model(path)
    examples = recipe.corpus.examples
    for text in examples:
        if unknown := made.vocabulary.unknown(text):
            raise ValueError(f"{recipe.id} does not know {text[unknown[0]]!r} of its example.")
    recording = folder / f"{recipe.id}.recording.safetensors"
    # the parts of every pre-activation only where they weigh little: the word has 7 steps
    parts = recipe.corpus.name == "namaskar"
    read_text(made, examples[0], parts=parts).save(recording)
    return ShippedModel(
        id=recipe.id,
        cell=recipe.cell,
        corpus=recipe.corpus.name,
        language=recipe.corpus.language,
        units=recipe.units,
        layers=recipe.layers,
        parameters=sum(parameter.numel() for parameter in made.model.parameters()),
        score=round(scores.bits_per_character, 4),
        scored_on=scores.scored_on,
        unigram=round(scores.unigram_bits, 4),
        bigram=round(scores.bigram_bits, 4),
        examples=examples,
        path=path,
        recording=recording,
    )


def _one_thread() -> None:
    torch.set_num_threads(1)  # side by side, more threads only get in each other's way


def main(arguments: list[str] | None = None) -> int:
    """Make every shipped model, or only the named ones, and bring the index up to date."""
    parser = argparse.ArgumentParser(prog="python -m core.training.ship", description=__doc__)
    parser.add_argument("ids", nargs="*", help="only these models (default: all)")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder (default: assets/models)")
    parser.add_argument("--jobs", type=int, default=2, help="models trained at the same time")
    chosen = parser.parse_args(arguments)
    recipes = [find_recipe(name) for name in chosen.ids] or list(RECIPES)
    chosen.out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    done: dict[str, ShippedModel] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(chosen.jobs, mp_context=context, initializer=_one_thread) as pool:
        waiting = {pool.submit(write, recipe, chosen.out): recipe.id for recipe in recipes}
        for future in as_completed(waiting):
            model = done[waiting[future]] = future.result()
            print(
                f"{model.id:20} {model.score:.3f} bits/character (unigram {model.unigram:.3f}, "
                f"bigram {model.bigram:.3f}) after {time.perf_counter() - started:.0f} s",
                flush=True,
            )
    if (chosen.out / INDEX).is_file():
        done = {model.id: model for model in shipped_models(chosen.out)} | done
    write_index(tuple(done[recipe.id] for recipe in RECIPES if recipe.id in done), chosen.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
