"""The gallery's networks on the recording pages, with their own kind of input."""

from __future__ import annotations

import pytest

from core.training.gallery.shelf import gallery_models
from explorer.models import gallery, read_applied, siblings
from tests.explorer.pages import CHOOSING, choose, go_to, open_page, shown, spec

ONE_EACH = {model.application: model for model in gallery_models() if model.recurrent}.values()


def test_every_recurrent_model_is_offered_and_no_other() -> None:
    assert list(gallery()) == [model.id for model in gallery_models() if model.recurrent]


@pytest.mark.parametrize("model", ONE_EACH, ids=lambda model: model.application)
def test_a_model_opens_on_every_recording_page(model) -> None:
    app = open_page("states", model=model.id, lang="en")
    for page in CHOOSING:
        app = go_to(app, page)
        assert not app.exception, page
        assert not app.sidebar.warning, page
        trace = next(iter(read_applied(model.id, model.examples[0], "last").values()))
        assert spec(app)["tokens"] == trace.tokens
        assert app.selectbox(key="model").value == model.id


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_both_parts_of_a_translator_can_be_looked_into(part: str) -> None:
    (card, *_) = (card for card in gallery().values() if card.parts)
    app = open_page("unrolled", model=card.id, lang="en", module=part)
    assert spec(app)["tokens"] == read_applied(card.id, card.examples[0], "last")[part].tokens


def test_a_text_that_is_no_input_is_explained_and_the_example_is_read() -> None:
    app = open_page("unrolled", model="digit-rows-lstm", text="seven", lang="en")
    assert not app.exception
    assert any("seven" in warning.value for warning in app.sidebar.warning)
    trace = next(iter(read_applied("digit-rows-lstm", "7", "last").values()))
    assert len(spec(app)["tokens"]) == len(trace.tokens)


def test_a_link_inside_the_app_replaces_what_was_chosen_before() -> None:
    app = open_page("unrolled", model="namaskar-gru", text="mask", lang="en")
    app.query_params.update({"go": "1", "model": "sentiment-en-lstm", "text": "tom is happy ."})
    app = go_to(app, "states")
    assert spec(app)["tokens"] == ["tom", "is", "happy", "."]
    app = choose(app, text="tom is sad .")
    assert spec(app)["tokens"] == ["tom", "is", "sad", "."]
    assert "go" not in app.query_params


def test_what_a_network_says_of_its_own_step_is_not_called_a_guess_of_the_next() -> None:
    app = open_page("unrolled", model="tickets-lstm", lang="en")
    assert not any("has never seen" in text for text in shown(app))
    (caption,) = (panel for panel in spec(app)["panels"] if panel["picture"] == "caption")
    assert "it answers" in caption["alt"]


def test_the_same_task_in_other_cells_stands_beside_it() -> None:
    cells = {card.cell for card in siblings(gallery()["tickets-lstm"])}
    assert {"lstm", "elman"} <= cells
