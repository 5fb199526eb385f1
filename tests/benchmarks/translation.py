"""Dates in spellings never learned from, and images of digits spelled out: the share without any
mistake, beside a simple rule.

For the dates the shipped network is asked for ``DATES`` fresh held-out pairs (a date and a
combination of spelling that are both held out); its training takes minutes and its recipe is in
core/training/gallery/translation.py. The networks that spell digits are trained from their
recipes and asked for every test image. Measured on one thread.
"""

from __future__ import annotations

from functools import partial

import torch

from core.applications import load_applied, new_network
from core.applications.writing import exact
from core.networks.decoding import write_freely
from core.tasks.dates import date_pairs
from core.training.gallery.recipes import find_recipe
from core.training.gallery.shelf import FOLDER, find_gallery_model
from core.training.loop import train
from tests.benchmarks.result import Result

DATES, DATES_SEED = 5000, 99
WANTED_DATES, WANTED_DIGITS = 0.99, 0.97


def _dates() -> list[Result]:
    applied = load_applied(FOLDER / find_gallery_model("dates-gru-attention").file)
    pairs = date_pairs(DATES, seed=DATES_SEED, part="test", held_out=True)
    examples = applied.application.examples_of(pairs)
    with torch.no_grad():
        start = applied.model.start(examples.inputs, examples.lengths)
        said = write_freely(applied.model, start, len(examples.targets) + 2)
    ours = float(exact(said, examples.targets).mean())
    rule = applied.application.baseline.score
    return [Result("dates-exact", ours, rule, ours / rule, WANTED_DATES, ours >= WANTED_DATES)]


def _digits(language: str) -> list[Result]:
    recipe = find_recipe(f"digit-names-{language}-gru")
    application, threads = recipe.application(), torch.get_num_threads()
    model = new_network(application, recipe.architecture, recipe.training.seed)
    torch.set_num_threads(1)
    try:
        for _ in train(model, application, recipe.training):
            pass
    finally:
        torch.set_num_threads(threads)
    ours, rule = application.measure(model, "test").score, application.baseline.score
    name = "digits-exact" if language == "en" else f"digits-exact-{language}"
    return [Result(name, ours, rule, ours / rule, WANTED_DIGITS, ours >= WANTED_DIGITS)]


BENCHMARKS = {
    ("dates-exact",): _dates,
    ("digits-exact",): partial(_digits, "en"),
    ("digits-exact-zh",): partial(_digits, "zh"),
}
