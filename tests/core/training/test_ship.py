"""The shipped models come from their seeds."""

import pytest
import torch

from core.networks.model_file import load_model
from core.recording import Trace
from core.tasks import Namaskar
from core.training.recipes import RECIPES, find_recipe
from core.training.settings import TrainingSettings
from core.training.shelf import find_shipped, shipped_models
from core.training.ship import main, make


def test_recipes_differ_in_one_thing_at_a_time():
    """Cells on one corpus share data, seed, steps and width, or comparing them means little."""
    for corpus in ("grammar", "chinese", "namaskar"):
        first, *others = [find_recipe(f"{corpus}-{c}") for c in ("elman", "jordan", "lstm", "gru")]
        assert all(other.corpus is first.corpus for other in others)
        assert {other.units for other in others} == {first.units}
    assert len({recipe.id for recipe in RECIPES}) == len(RECIPES)


def test_an_unknown_recipe_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"'gpt'.*grammar-deep-lstm"):
        find_recipe("gpt")


def test_a_model_that_learned_nothing_is_not_shipped():
    recipe = find_recipe("namaskar-lstm")
    lazy = TrainingSettings(steps=1, batch=1, seed=1)
    corpus = type(recipe.corpus)("namaskar", "en", Namaskar, ("namaska",), lazy)
    with pytest.raises(ValueError, match="no better than counting pairs"):
        make(type(recipe)("x", corpus, "lstm", 8))


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["gru", "jordan"])
def test_a_shipped_model_is_made_again_from_its_seed(tmp_path, cell):
    name = f"namaskar-{cell}"
    assert main([name, "--out", str(tmp_path), "--jobs", "1"]) == 0
    shipped, again = find_shipped(name), load_model(tmp_path / f"{name}.safetensors")
    kept = load_model(shipped.path)
    # equal to the last bit on one machine; another processor may round differently
    for key, weight in kept.model.state_dict().items():
        torch.testing.assert_close(again.model.state_dict()[key], weight, rtol=1e-2, atol=1e-3)
    trace = Trace.load(tmp_path / f"{name}.recording.safetensors")
    assert trace.tokens == list("namaska")
    (listed,) = shipped_models(tmp_path)
    assert (listed.id, listed.score) == (name, pytest.approx(shipped.score, abs=1e-3))


@pytest.mark.slow
def test_making_one_model_again_keeps_the_others_in_the_index(tmp_path):
    for name in ("namaskar-lstm", "namaskar-elman"):
        assert main([name, "--out", str(tmp_path), "--jobs", "1"]) == 0
    assert [model.id for model in shipped_models(tmp_path)] == ["namaskar-elman", "namaskar-lstm"]
