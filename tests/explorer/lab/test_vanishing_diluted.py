"""Diluted, or not? The section of the disturbance tab says what it has measured."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.gradients.dilution import memory_curve
from explorer.lab.vanishing_diluted import FITTED, JUDGED, Line, cell_of, left_of_drawn, said
from explorer.lab.vanishing_network import Drawn, network_of
from explorer.language import LANGUAGES, texts_of
from tests.explorer.pages import open_page

SMALL = Drawn(kind="orthogonal", units=8, activation="identity")


def test_the_linear_network_has_its_closed_form() -> None:
    """Another matrix, far from orthogonal, at the page's own sizes."""
    source = Drawn(kind="gaussian", units=8, seed=4)
    found = left_of_drawn(source, 1.1, "identity")
    recurrent = 1.1 * network_of(source).recurrent
    exact = [
        memory_curve(recurrent, torch.eye(8, dtype=torch.float64), int(t))[-1] for t in found.steps
    ]
    expected = 1 - (1 - np.array(exact)) * (1 + 9 / FITTED)
    # four standard errors of R² on these sequences, were two of the eight numbers independent
    errors = 4 * 2 * np.sqrt(exact) * (1 - np.array(exact)) / np.sqrt(2 * JUDGED)
    assert (np.abs(found.recovered - expected) <= errors + 1e-9).all()
    powers = [np.linalg.matrix_power(recurrent.numpy(), int(t) - 1) for t in found.steps]
    np.testing.assert_allclose(
        found.influence, [np.linalg.norm(power) / 8**0.5 for power in powers], rtol=1e-9
    )


def test_the_lessons_numbers_are_those_of_the_page() -> None:
    """Orthogonal, linear, 24 units: the derivative stays 1, R² goes 1, 1/2, ..., about 1/51."""
    found = left_of_drawn(Drawn(kind="orthogonal", activation="identity"), 1.0, "identity")
    assert found.steps[[0, 1, -1]].tolist() == [1, 2, 51]
    np.testing.assert_allclose(found.influence, 1, atol=1e-9)
    np.testing.assert_allclose(found.recovered[:2], [1, 0.5], atol=0.01)
    assert found.recovered[-1] == pytest.approx(0.017, abs=0.002)


def test_only_a_gate_that_shuts_keeps_both() -> None:
    shut, drawn = (left_of_drawn(SMALL, 1.0, f"gru-{gate}") for gate in ("shut", "drawn"))
    assert shut.influence[-1] > 0.8
    assert shut.recovered[-1] > 0.9
    assert drawn.influence[-1] < 1e-3
    assert drawn.recovered[-1] < 0.1


def test_the_shut_gate_is_open_to_the_mark_alone() -> None:
    gru = cell_of("gru-shut", network_of(SMALL).recurrent, 0)
    x = torch.randn(2, 9, dtype=torch.float64)
    x[:, -1] = torch.tensor([1.0, 0.0])
    signals = gru(x, (torch.randn(2, 8, dtype=torch.float64),)).signals
    assert signals["update_gate"][0].max() < 0.003
    assert signals["update_gate"][1].min() > 0.997
    np.testing.assert_allclose(signals["candidate_from_input"].detach(), x[:, :8])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_follows_from_both_figures(language: str) -> None:
    texts = texts_of(language)
    told = {
        (1.0, 0.9): "whole",
        (1.0, 0.02): "diluted",
        (1e-3, 0.9): "faint",
        (1e-3, -0.003): "gone",
    }
    for (influence, recovered), verdict in told.items():
        line = Line("a", np.array([0, 7]), np.array([1, influence]), np.array([1, recovered]))
        sentence = said(line, texts)
        assert texts(f"vanishing.diluted_{verdict}") in sentence
        assert " 7 " in sentence
    assert "R² has gone from 1.00 to 0.00." in sentence or language == "zh"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_was_measured(language: str) -> None:
    texts = texts_of(language)
    address = {"v_part": "ripple", "v_kind": "orthogonal", "v_activation": "identity"}
    app = open_page("vanishing", lang=language, v_radius="1.00", v_units="8", **address)
    assert not app.exception
    (listed,) = [one.value for one in app.markdown if one.value.startswith("- **")]
    linear, plain, gated = listed.splitlines()
    assert texts("vanishing.diluted_diluted") in linear
    assert "1.0" in linear
    assert "tanh" in plain
    assert texts("vanishing.diluted_gone") in gated
    (gate,) = [group for group in app.get("button_group") if group.key == "v_gate"]
    gate.set_value("shut").run()
    assert not app.exception
    (listed,) = [one.value for one in app.markdown if one.value.startswith("- **")]
    assert texts("vanishing.diluted_whole") in listed.splitlines()[2]
    assert app.query_params["v_gate"] == "shut"


def test_without_inputs_there_is_nothing_to_read_back() -> None:
    app = open_page("vanishing", lang="en", v_part="ripple", v_drive="0", v_gate="nonsense")
    assert not app.exception
    assert app.info[0].value == texts_of("en")("vanishing.diluted_nothing")


def test_a_trained_network_is_asked_for_its_first_letter() -> None:
    app = open_page("vanishing", lang="en", v_part="ripple", v_network="namaskar-elman")
    assert not app.exception
    (listed,) = [one.value for one in app.markdown if one.value.startswith("- **")]
    assert listed.count("after 50 further inputs") == 1
