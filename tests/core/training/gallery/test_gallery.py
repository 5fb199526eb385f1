"""The gallery's script: trained, scored on what training never saw, entered in the list."""

from dataclasses import replace

import pytest
import torch

from core.applications import application_class, load_applied
from core.networks.architecture import Architecture
from core.training.gallery.__main__ import main
from core.training.gallery.make import make
from core.training.gallery.recipe import GalleryRecipe
from core.training.gallery.recipes import find_recipe, recipes
from core.training.gallery.shelf import FOLDER, find_gallery_model, gallery_models, write_gallery
from core.training.settings import TrainingSettings

QUICK = GalleryRecipe(
    "quick",
    lambda: application_class("recall")(3),
    Architecture("gru", 16),
    TrainingSettings(steps=150, batch=32, learning_rate=2e-2, seed=2),
)


def test_a_model_is_made_scored_and_found_again(tmp_path):
    made = make(QUICK, tmp_path)
    write_gallery([made], tmp_path)
    assert gallery_models(tmp_path) == (made,)
    assert find_gallery_model("quick", tmp_path) == made
    applied = load_applied(tmp_path / made.file)
    score = applied.application.measure(applied.model, "test").score
    assert made.score == pytest.approx(score, abs=1e-4)
    assert made.score > made.baseline
    assert made.parameters == sum(weights.numel() for weights in applied.model.parameters())


@pytest.mark.slow
def test_a_recipe_gives_the_same_weights_again(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        make(replace(QUICK, training=replace(QUICK.training, steps=150)), folder)
    one, other = (load_applied(folder / "quick.safetensors") for folder in (first, second))
    for name, weights in one.model.state_dict().items():
        assert torch.equal(other.model.state_dict()[name], weights)


def test_a_model_that_has_learned_nothing_is_not_shown(tmp_path):
    training = replace(QUICK.training, steps=1, learning_rate=1e-12)
    lazy = replace(QUICK, application=application_class("adding"), training=training)
    with pytest.raises(ValueError, match="no better than"):
        make(lazy, tmp_path)


def test_without_an_index_there_are_no_models(tmp_path):
    assert gallery_models(tmp_path) == ()
    with pytest.raises(ValueError, match="has no model 'other'"):
        find_gallery_model("other", tmp_path)


@pytest.mark.slow
def test_the_command_trains_in_a_process_of_its_own_and_keeps_what_was_there(tmp_path):
    write_gallery([find_gallery_model("tickets-lstm")], tmp_path)
    assert main(["digit-image-perceptron", "--out", str(tmp_path)]) == 0
    assert [model.id for model in gallery_models(tmp_path)] == [
        "digit-image-perceptron",
        "tickets-lstm",
    ]
    shipped = load_applied(FOLDER / "digit-image-perceptron.safetensors")
    again = load_applied(tmp_path / "digit-image-perceptron.safetensors")
    for name, weights in shipped.model.state_dict().items():
        torch.testing.assert_close(again.model.state_dict()[name], weights, rtol=0, atol=1e-3)


def test_an_unknown_recipe_is_named_with_all_that_there_are():
    with pytest.raises(ValueError, match="has no model 'no-such-model'; choose one of"):
        find_recipe("no-such-model")


def test_every_recipe_has_been_made_and_nothing_else():
    assert [model.id for model in gallery_models()] == list(recipes())


@pytest.mark.parametrize("model", gallery_models(), ids=lambda model: model.id)
def test_a_shipped_model_beats_its_baseline_and_answers_its_examples(model):
    recipe = find_recipe(model.id)
    assert (model.cell, model.seed) == (recipe.architecture.cell, recipe.training.seed)
    better = model.score > model.baseline
    assert better if model.higher_is_better else model.score < model.baseline
    assert (FOLDER / model.file).stat().st_size < 450_000
    applied = load_applied(FOLDER / model.file)
    assert applied.architecture == recipe.architecture
    for example in model.examples:
        assert applied.answer(example) is not None
    traces = applied.read(model.examples[0])
    assert bool(traces) == model.recurrent
    for trace in traces.values():
        assert trace.proof < 1e-4
        assert len(trace.tokens) == trace["hidden"].sizes["time"]
