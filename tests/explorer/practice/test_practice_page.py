"""The page on training in practice: every part opens, says what was measured, takes any text."""

from __future__ import annotations

import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.recording import read_text
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from explorer.practice import batches, first_state, norms, starts
from explorer.practice.perplexity import surprise
from explorer.views.practice import PARTS
from tests.explorer.pages import open_page

TEXT = "Zoe sings (2: ha ha)."


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    texts = texts_of(language)
    app = open_page("practice", lang=language, p_part=part)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.practice')}"
    assert texts.lesson("practice").strip() in [one.value for one in app.markdown]
    said = app.markdown[1].value
    assert any(map(str.isdigit, said))
    assert "nan" not in said
    assert "{" not in said


@pytest.mark.parametrize("part", ["batches", "perplexity"])
@pytest.mark.parametrize("text", ["", "a", "人口", "<b>$x$ :red[x]", "ab\n \n"])
def test_whatever_is_typed_is_read(part: str, text: str) -> None:
    app = open_page("practice", lang="en", p_part=part, p_text=text)
    assert problems(app) == []
    assert len(app.warning) == (1 if len(text) < 2 else 0)


def test_nonsense_in_the_address_is_no_error() -> None:
    for part in PARTS:
        nonsense = dict.fromkeys(
            ("p_model", "p_way", "p_size", "p_cell", "p_rate", "p_norm"), "../x"
        )
        assert problems(open_page("practice", lang="en", p_part=part, **nonsense)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_and_wrong_ways_are_told_apart(language: str) -> None:
    texts = texts_of(language)
    alone = batches.read("grammar-gru", TEXT, "alone", 1)
    for way in batches.WAYS:
        found = batches.read("grammar-gru", TEXT, way, 8)
        said = batches.sentence_of(found, alone, "grammar-gru", way, 8, texts)
        right = way in ("packed", "carried")
        assert bool(found.difference.max() < 1e-4) is right
        largest = f"{found.difference.max():.2g}"
        template = texts(f"practice.{'same' if right else 'differs'}")
        assert template.split("{way}**")[1][:6] in said
        assert right or largest in said


def test_the_mean_without_a_mask_is_the_masked_one_made_smaller() -> None:
    found = batches.read("grammar-gru", TEXT, "right", 8)
    alone = batches.read("grammar-gru", TEXT, "alone", 1)
    trace = read_text(load("grammar-gru"), TEXT, loss_at=None)
    ids = load("grammar-gru").vocabulary.encode(TEXT)[1:]
    losses = -np.log(trace["prediction"].values[np.arange(len(ids)), 0, ids])
    own, spread = losses.mean(), losses.sum() / (len(ids) + 8)
    said = batches.sentence_of(found, alone, "grammar-gru", "right", 8, texts_of("en"))
    assert f"{own:.2f} nats" in said
    assert f"looks like {spread:.2f}" in said


def test_the_first_state_costs_what_the_sentence_says() -> None:
    costs = first_state.costs_of("grammar-gru")
    assert costs.carried[0] < costs.learned[0] < costs.zero[0]
    assert (costs.carried[0] < costs.carried + 3).all()
    said = first_state.sentence_of(costs, texts_of("en"))
    assert f"**{costs.zero[0]:.2f}** bits" in said
    assert f"{(costs.zero - costs.carried).sum():.1f} bits" in said
    # bits of zeros against the model itself, on the same places
    flat = first_state.Costs(*(np.full(20, value) for value in (1.2, 1.0, 1.0)))
    assert "all 20 characters" in first_state.sentence_of(flat, texts_of("en"))


def test_the_starts_are_told_by_their_eigenvalues() -> None:
    found = starts.starts_found("gru")
    for one in found.values():
        said = starts.start_sentence("x", one, texts_of("en"))
        assert f"{np.abs(one.eigenvalues).max():.2f}" in said
        assert f"× {one.gradient[50] ** 0.02:.3f}" in said


def test_a_mask_for_each_step_forgets_and_one_for_all_does_not() -> None:
    kept = {place: norms.kept_under_dropout(place, 0.2) for place in norms.PLACES}
    steps = np.array(norms.ASKED) - 1
    # a unit that survives k draws has R² = (1 - rate)^k; nothing else was lost
    none = norms.kept_under_dropout("every-step", 0.0)
    np.testing.assert_allclose(kept["every-step"], none * 0.8**steps, atol=0.05)
    for place in ("inputs", "written", "one-mask"):
        assert kept[place][-1] == pytest.approx(0.8 * none[-1], abs=0.05)


def test_the_norm_divides_the_size_of_the_weights_out() -> None:
    plain, normed = norms.factors(False), norms.factors(True)
    assert np.ptp(plain) > 0.5
    assert np.ptp(normed) < 0.02


def test_perplexity_is_one_mean_in_three_units() -> None:
    found = surprise(np.array([0.5, 0.125, np.nan, 0.25]), "ab cd")
    assert found.bits[[0, 1, 3]].tolist() == [1, 3, 2]
    assert found.mean == 2
    assert found.perplexity == 4
    assert found.nats == pytest.approx(2 * math.log(2))
    assert found.word == 2 ** (6 / 2)
    assert surprise(np.array([0.5]), "ab").word is None
    with pytest.raises(ValueError, match="nothing to measure"):
        surprise(np.array([np.nan]), "ab")


def test_the_choices_are_in_the_address() -> None:
    app = open_page("practice", lang="en", p_part="batches", p_way="left", p_size="3")
    assert problems(app) == []
    app.select_slider(key="p_size").set_value("5").run()
    assert app.query_params["p_size"] == "5"
    assert app.query_params["p_way"] == "left"
