"""What is on the shelf: complete, small, and listed without torch."""

import json
import subprocess
import sys

import pytest

from core.networks.model_file import load_model
from core.recording import Trace
from core.training.recipes import RECIPES
from core.training.shelf import FOLDER, find_shipped, shipped_models, write_index

MODELS = shipped_models()
IDS = [model.id for model in MODELS]


def test_the_shelf_holds_every_recipe_in_order():
    assert [recipe.id for recipe in RECIPES] == IDS


def test_listing_needs_no_torch():
    code = (
        "import sys; from core.training.shelf import shipped_models; shipped_models(); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER.parents[1], capture_output=True, text=True
    )
    assert done.stdout.strip() == "False", done.stderr


@pytest.mark.parametrize("shipped", MODELS, ids=IDS)
def test_every_model_opens_and_is_what_the_index_says(shipped):
    made = load_model(shipped.path)
    settings = made.model.settings
    assert (made.name, settings.cell) == (shipped.id, shipped.cell)
    assert (settings.hidden_size, settings.num_layers) == (shipped.units, shipped.layers)
    assert sum(p.numel() for p in made.model.parameters()) == shipped.parameters
    assert made.info["bits_per_character"] == pytest.approx(shipped.score, abs=1e-4)
    assert shipped.score < shipped.bigram < shipped.unigram
    assert shipped.examples
    for text in shipped.examples:
        assert made.vocabulary.unknown(text) == []


@pytest.mark.parametrize("shipped", MODELS, ids=IDS)
def test_every_recording_is_of_the_first_example(shipped):
    trace = Trace.load(shipped.recording)
    assert "".join(trace.tokens) == shipped.example
    assert trace["hidden"].sizes["time"] == len(shipped.example)
    assert trace["hidden"].sizes["unit"] == shipped.units
    assert trace["hidden"].sizes["layer"] == shipped.layers
    assert trace.proof < 1e-4
    assert "grad_hidden" in trace


def test_the_shelf_is_light():
    assert all(model.path.stat().st_size < 200_000 for model in MODELS)
    assert all(model.recording.stat().st_size < 400_000 for model in MODELS)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 8_000_000  # the gallery too


def test_a_model_is_found_by_its_id():
    assert find_shipped(IDS[3]) == MODELS[3]
    with pytest.raises(ValueError, match=r"'bert'.*namaskar-elman"):
        find_shipped("bert")


def test_an_empty_shelf_says_how_to_fill_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python -m core\.training\.ship"):
        shipped_models(tmp_path)


def test_the_index_goes_back_and_forth(tmp_path):
    write_index(MODELS, tmp_path)
    assert [model.id for model in shipped_models(tmp_path)] == IDS
    assert shipped_models(tmp_path)[0].path == tmp_path / MODELS[0].path.name
    assert "/" not in json.loads((tmp_path / "index.json").read_text("utf-8"))[0]["path"]
