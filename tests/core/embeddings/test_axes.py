"""Directions made of words against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings import WordVectors
from core.embeddings.axes import (
    DirectionError,
    UnknownWordsError,
    custom_axes,
    direction,
)
from core.embeddings.formulas import FormulaError

WORDS = ("king", "man", "woman", "paris", "rome", "france", "italy", "2000")


@pytest.fixture
def vectors() -> WordVectors:
    random = np.random.default_rng(3)
    return WordVectors(WORDS, random.normal(size=(len(WORDS), 6)))


def units(vectors: WordVectors) -> dict[str, np.ndarray]:
    rows = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    return dict(zip(vectors.words, rows))


def test_directions_against_numpy(vectors: WordVectors) -> None:
    u = units(vectors)
    expected = {
        "king - man": u["king"] - u["man"],
        "avg(paris, rome) - avg(france, italy)": (
            (u["paris"] + u["rome"]) / 2 - (u["france"] + u["italy"]) / 2
        ),
        "-(king / 4) + 3 * 2 * woman": -u["king"] / 4 + 6 * u["woman"],
        "unit(king - man)": (u["king"] - u["man"]) / np.linalg.norm(u["king"] - u["man"]),
        "(1 + 2) * king - man * (1 - 3)": 3 * u["king"] + 2 * u["man"],
        '"2000" - avg(1, 3) * king': u["2000"] - 2 * u["king"],
        "unit(-3) * king": -u["king"],
    }
    for formula, value in expected.items():
        np.testing.assert_allclose(direction(formula, vectors), value, rtol=1e-12, err_msg=formula)


def test_coordinates_are_cosines_and_angles_are_between_the_axes(vectors: WordVectors) -> None:
    formulas = ["king - man", "paris"]
    axes = custom_axes(vectors, formulas)
    for place, formula in enumerate(formulas):
        way = direction(formula, vectors)
        way /= np.linalg.norm(way)
        expected = [units(vectors)[word] @ way for word in WORDS]
        np.testing.assert_allclose(axes.coordinates[:, place], expected, atol=1e-6)
    first, second = (direction(formula, vectors) for formula in formulas)
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert axes.angles[0, 1] == pytest.approx(np.degrees(np.arccos(cosine)))
    assert axes.angles[0, 0] == pytest.approx(0, abs=1e-5)
    some = custom_axes(vectors, formulas, rows=np.array([3, 1]))
    np.testing.assert_allclose(some.coordinates, axes.coordinates[[3, 1]], atol=1e-6)


def test_a_word_lies_at_1_on_its_own_axis(vectors: WordVectors) -> None:
    row = vectors.row("rome")
    assert custom_axes(vectors, ["rome"]).coordinates[row, 0] == pytest.approx(1, abs=1e-6)
    assert custom_axes(vectors, ["-rome"]).coordinates[row, 0] == pytest.approx(-1, abs=1e-6)


def test_all_unknown_words_are_named_once(vectors: WordVectors) -> None:
    with pytest.raises(UnknownWordsError, match="'queen', 'King'") as caught:
        direction("queen - King + man - queen", vectors)
    assert caught.value.words == ("queen", "King")


@pytest.mark.parametrize(
    ("formula", "problem", "position"),
    [
        ("3", "number", 0),
        ("1 + 2", "number", 0),
        ("king * man", "product", 5),
        ("king / man", "divide", 5),
        ("2 / king", "divide", 2),
        ("king / 0", "divide", 5),
        ("king / (2 - 2)", "divide", 5),
        ("king + 2", "add", 5),
        ("2 - king", "add", 2),
        ("avg(king, 2)", "add", 0),
        ("king - king", "zero", 0),
        ("0 * king", "zero", 0),
        ("man + unit(king - king)", "zero", 6),
        ("1e300 * 1e300 * king", "infinite", 0),
        ("1e999 * king", "infinite", 0),
    ],
)
def test_what_is_no_direction(
    vectors: WordVectors, formula: str, problem: str, position: int
) -> None:
    with pytest.raises(DirectionError) as caught:
        direction(formula, vectors)
    assert (caught.value.problem, caught.value.position) == (problem, position)


def test_no_formula_is_no_axis(vectors: WordVectors) -> None:
    with pytest.raises(ValueError, match="no formula"):
        custom_axes(vectors, [])
    with pytest.raises(FormulaError):
        custom_axes(vectors, ["king", ""])


PIECES = st.sampled_from([*"+-*/(),", "avg(", "unit(", "0", "2", "1e308", "1e999", *WORDS[:3]])


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_any_formula_gives_a_direction_or_a_value_error(text: str) -> None:
    some = WordVectors(WORDS[:3], np.array([[1.0, 0, 0], [0, 2, 0], [0, 0, 0]]))
    try:
        value = direction(text, some)
    except ValueError:
        return
    assert value.shape == (3,)
    assert np.isfinite(value).all()
    assert np.linalg.norm(value) > 0
