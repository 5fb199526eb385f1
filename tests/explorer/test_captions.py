"""Captions say what was measured, and their numbers lead to what they speak of."""

from __future__ import annotations

import re

import numpy as np
import pytest

from explorer.captions import (
    Lead,
    above_again,
    activity_caption,
    first_below,
    gradient_caption,
    percent,
    proof_caption,
    reading_caption,
    saturation_caption,
    sentence,
    signed,
    spoken,
    visible,
)
from explorer.language import LANGUAGES, texts_of
from tests.explorer.made import fading, made

EN = texts_of("en")


def moves(caption: list[str | Lead]) -> list[dict[str, object]]:
    return [dict(part.move) for part in caption if isinstance(part, Lead)]


def reading(rows: list[list[float]], tokens: str = "aba", classes: str = "ab"):
    return made(
        {"hidden": np.zeros((len(tokens), 2))}, tokens=tokens, prediction=rows, classes=classes
    )


def test_a_sentence_keeps_its_leads_as_parts() -> None:
    lead = Lead("{b}", {"time": 3})
    assert sentence("{a} and {b}, {c}.", a=1, b=lead, c="<s>") == ["1 and ", lead, ", <s>."]
    assert spoken(sentence("{a} and {b}", a="{x}", b=lead)) == "{x} and {b}"
    assert sentence("") == []


def test_foreseen_surprise_and_expectation() -> None:
    trace = reading([[0.2, 0.8], [0.75, 0.25], [0.1, 0.9]], tokens="abb")
    caption = reading_caption(trace, EN)
    assert spoken(caption) == (
        "What came next was the network's first guess in 1 of 2 cases. "
        "Least expected: “b” (25%). After the last it expects “b” (90%)."
    )
    # The surprise was read at step 2 (counted from 0), and foreseen badly at step 1.
    assert moves(caption) == [{"time": 1}, {"time": 2}]


def test_when_all_was_foreseen_nothing_is_called_a_surprise() -> None:
    caption = reading_caption(reading([[0.2, 0.8], [0.75, 0.25], [0.1, 0.9]]), EN)
    assert "in 2 of 2 cases" in spoken(caption)
    assert "Least expected" not in spoken(caption)


def test_what_the_network_does_not_know_is_no_question() -> None:
    caption = reading_caption(reading([[0.2, 0.8], [0.75, 0.25], [0.1, 0.9]], tokens="a人b"), EN)
    assert "of 1 cases." in spoken(caption)
    single = reading_caption(reading([[0.2, 0.8]], tokens="a"), EN)
    assert spoken(single) == "After the last it expects “b” (80%)."


def test_without_predictions_only_the_length_is_said() -> None:
    trace = made({"hidden": np.zeros((4, 2))})
    assert spoken(reading_caption(trace, EN)) == "A recording of 4 steps, without predictions."


def test_the_proof_is_said_unless_the_open_cell_is_its_own_proof() -> None:
    trace = made({"hidden": np.zeros((2, 2))})
    assert "at most 2.5e-07" in spoken(proof_caption(trace, EN))
    own = made({"hidden": np.zeros((2, 2))}, proof=0.0)
    assert spoken(proof_caption(own, EN)) == EN("caption.proof_own")


def test_saturated_gates_are_counted() -> None:
    gate = np.array([[0.05, 0.5], [0.95, 0.99], [np.nan, np.nan]])
    trace = made({"hidden": np.zeros((3, 2)), "forget_gate": gate})
    caption = saturation_caption(trace, EN)
    assert spoken(caption) == "Forget gate: 25% below 0.1, 50% above 0.9."
    assert moves(caption) == [{"signal": "forget_gate"}]
    assert spoken(saturation_caption(fading([1, 1]), EN)) == EN("caption.no_gates")


def test_the_busiest_unit_is_that_of_the_top_layer() -> None:
    still, busy = np.zeros((4, 3)), np.zeros((4, 3))
    busy[:, 2] = [0, 1, 0, 1]
    busy[:, 1] = [0, 0, 0, 2]
    trace = made({"hidden": np.stack([still, busy])[:, None]})
    (move,) = moves(activity_caption(trace, EN))
    assert move == {"unit": 2, "layer": 1, "signal": "hidden"}
    assert activity_caption(made({"hidden": np.zeros((1, 3))}), EN) == []


@pytest.mark.parametrize(
    ("norms", "fraction", "steps"),
    [
        ([1.0, 1.0, 1.0], 0.01, None),
        ([0.001, 0.1, 1.0], 0.01, 2),
        ([0.001, 0.1, 0.5, 0.002, 1.0], 0.01, 1),
        ([1e-5, 1e-3, 1.0], 1e-4, 2),
    ],
)
def test_the_horizon_is_the_first_step_below(
    norms: list[float], fraction: float, steps: int | None
) -> None:
    assert first_below(np.array(norms), fraction) == steps


def test_a_gradient_that_rises_again_is_said_to() -> None:
    norms = np.array([1e-5, 0.5, 0.002, 1e-5, 1.0])
    assert (first_below(norms, 1e-4), above_again(norms, 1e-4)) == (1, 2)
    assert above_again(np.array([1e-5, 1e-5, 1.0]), 1e-4) is None
    assert above_again(np.ones(3), 1e-4) is None
    caption = gradient_caption(fading(norms.tolist()), EN)
    assert spoken(caption) == (
        "First below 1% of its last value 1 step back, first below 0.01% 1 step back. "
        "Further back it rises above 0.01% again, 2 steps back."
    )
    assert moves(caption) == [{"time": 3}, {"time": 3}, {"time": 2}]


def test_signs_are_those_of_a_book() -> None:
    values = (0.8162, -0.1, 0.0, -np.inf, np.nan)
    assert [signed(value) for value in values] == ["+0.82", "−0.10", "+0.00", "−∞", "–"]


@pytest.mark.parametrize(
    ("norms", "said", "times"),
    [
        (
            [1e-6, 1e-3, 2.0],
            "First below 1% of its last value 1 step back, first below 0.01% 2 steps back.",
            "10",
        ),
        ([1e-3, 0.5, 2.0], "First below 1% of its last value 2 steps back.", "0"),
        ([0.5, 1.0, 2.0], "25% of its last value is left 2 steps back.", "0"),
        ([900.0, 4.0, 2.0], "Growing: 450 times its last value 2 steps back.", "0"),
        ([0.0, 0.0, 0.0], "No gradient reaches the states here.", ""),
        ([np.nan, 1.0, 1.0], "No gradient reaches the states here.", ""),
    ],
)
def test_the_verdict_on_a_gradient(norms: list[float], said: str, times: str) -> None:
    caption = gradient_caption(fading(norms), EN)
    assert spoken(caption) == said
    assert moves(caption) == [{"time": int(time)} for time in times]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_tell_the_same_numbers(language: str) -> None:
    trace = fading([1e-6, 1e-3, 2.0])
    caption = gradient_caption(trace, texts_of(language))
    assert moves(caption) == [{"time": 1}, {"time": 0}]
    numbers = [re.findall(r"\d+", part.text) for part in caption if isinstance(part, Lead)]
    assert numbers == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0%"),
        (0.3812, "38%"),
        (1, "100%"),
        (0.999, ">99%"),
        (0.0042, "0.42%"),
        (1e-6, "0.0001%"),
    ],
)
def test_shares_are_not_rounded_to_nothing_or_all(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_blanks_are_visible() -> None:
    assert [visible(token) for token in (" ", "\n", "\t", "a", "<s>")] == [
        "␣",
        "⏎",
        "⇥",
        "a",
        "<s>",
    ]
