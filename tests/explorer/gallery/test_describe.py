"""The page on one to many: the weights in the browser are the network's, and images are found."""

from __future__ import annotations

import numpy as np
import pytest

from core.tasks.digits import digits
from explorer.gallery.common import models_of
from explorer.gallery.describe import APPLICATIONS, spellers, wrong_images
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.pages import arrays_of, open_page, payload, shown, spec

MODELS = models_of(*APPLICATIONS)
PIXELS = " ".join(["0"] * 27 + ["16"] * 10 + ["0"] * 27)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def spelled(arrays: dict[str, np.ndarray], name: str, alphabet: list[str], ink: np.ndarray):
    """The picture's arithmetic once more: see assets/players/speller_net.js."""
    part = {key.split(".")[1]: value for key, value in arrays.items() if key.startswith(f"{name}.")}
    state, token, word = np.tanh(part["begin"] @ ink + part["begin_bias"]), 0, ""
    for _ in range(16):
        given = part["weight_ih"] @ part["letters"][token] + part["bias_ih"]
        kept = part["weight_hh"] @ state + part["bias_hh"]
        reset, update, new = zip(np.split(given, 3), np.split(kept, 3), strict=True)
        z = sigmoid(sum(update))
        state = (1 - z) * np.tanh(new[0] + sigmoid(sum(reset)) * new[1]) + z * state
        token = int((part["read_out"] @ state + part["read_out_bias"]).argmax())
        if token == 1:
            return word
        word += alphabet[token]
    return word


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_with_both_networks_the_readers_language_first(language: str) -> None:
    app = open_page("describe", lang=language)
    assert not app.exception
    told = spec(app)["speller"]
    assert told["networks"][0]["label"] == LANGUAGES[language]
    assert len(told["networks"]) == 2
    assert spellers(texts_of(language))[0].language == language


def test_the_browser_is_given_the_networks_themselves() -> None:
    app = open_page("describe", lang="en")
    told, arrays = spec(app)["speller"], arrays_of(payload(app))
    for number in (0, 7, 100, 200):
        ink = digits("test").images[number].ravel().astype(np.float64)
        for one, model in zip(told["networks"], spellers(texts_of("en")), strict=True):
            answer = load_applied(model.id).answer(str(number))["answer"]
            assert spelled(arrays, one["name"], one["alphabet"], ink) == answer


def test_the_image_is_the_one_that_was_asked_for() -> None:
    app = open_page("describe", lang="en", say_digit="42")
    told = spec(app)["speller"]
    np.testing.assert_array_equal(
        np.array(told["image"]) / 16, digits("test").images[42].ravel().round(4)
    )
    assert told["truth"][0] == load_applied("digit-names-en-gru").application.expected("42")


@pytest.mark.parametrize("model", MODELS, ids=[model.id for model in MODELS])
def test_the_misspelled_images_are_misspelled_and_the_rest_makes_the_score(model) -> None:
    wrong = wrong_images(model.id)
    application, applied = load_applied(model.id).application, load_applied(model.id)
    for number in wrong[:5]:
        assert applied.answer(str(number))["answer"] != application.expected(str(number))
    if len(wrong) < 24:
        assert 1 - len(wrong) / len(digits("test")) == pytest.approx(model.score, abs=1e-4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pixels_can_be_given_and_rubbish_is_refused(language: str) -> None:
    app = open_page("describe", lang=language, say_digit=PIXELS)
    assert not app.exception
    assert spec(app)["speller"]["image"] == [int(one) for one in PIXELS.split()]
    assert spec(app)["speller"]["truth"] == [None, None]
    app = open_page("describe", lang=language, say_digit="seven")
    assert not app.exception
    assert any("is no image" in text for text in shown(app))


def test_the_next_image_is_one_click_away() -> None:
    app = open_page("describe", lang="en", say_digit="358")
    texts = texts_of("en")
    (button,) = [one for one in app.button if one.label == texts("describe.next")]
    button.click().run()
    assert app.session_state["say_digit"] == "0"
