"""The page on feed-forward networks: what it claims is true of what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.tasks.next_letter import told_apart
from explorer.captions import spoken
from explorer.gallery.memoryless_memory import first_step, memory_caption, pair_of, table
from explorer.gallery.memoryless_nets import (
    HIDDEN,
    keys_of,
    learned_pair,
    repeated,
    shown_classes,
    spread,
    telling,
)
from explorer.gallery.memoryless_path import formula, path_caption, stretch_of
from explorer.language import LANGUAGES, texts_of
from tests.explorer.pages import arrays_of, open_page, payload, shown, spec

PARTS = ("memory", "path", "image")
STAGES = ("1", "2", "3", "4")


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    app = open_page("memoryless", lang=language, feed_part=part)
    texts = texts_of(language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.memoryless')}"
    assert texts.lesson("memoryless").strip() in [one.value for one in app.markdown]
    assert spec(app)["text"] == dict(texts.section("player"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_the_path_opens(stage: str, language: str) -> None:
    app = open_page("memoryless", lang=language, feed_part="path", path_stage=stage)
    assert problems(app) == []
    (panel,) = (panel for panel in spec(app)["panels"] if panel["picture"] == "tied")
    assert len(panel["options"]["guesses"]) == spec(app)["steps"]


def test_the_readers_text_is_learned_at_once() -> None:
    app = open_page("memoryless", lang="en", feed_text="banana bandana", feed_cell="gru")
    assert problems(app) == []
    assert spec(app)["tokens"] == list("banana bandan")
    (panel,) = (panel for panel in spec(app)["panels"] if panel["picture"] == "same")
    classes, right = panel["options"]["classes"], panel["options"]["right"]
    assert [classes[at] for at in right] == list("anana bandana")
    guesses = arrays_of(payload(app))["same.rnn"].argmax(-1)
    assert [classes[at] for at in guesses] == list("anana bandana")


def test_shipped_networks_read_any_text() -> None:
    app = open_page("memoryless", lang="en", feed_from="shipped", feed_text="The cat. ßThe")
    assert problems(app) == []
    assert spec(app)["unknown"] == [9]
    assert spec(app)["tokens"] == list("The cat. ßThe")


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_that_is_too_short_is_replaced_and_said_so(text: str) -> None:
    app = open_page("memoryless", lang="en", feed_text=text)
    assert problems(app) == []
    assert texts_of("en")("memoryless.short") in shown(app)


def test_what_a_reader_types_is_only_text() -> None:
    app = open_page("memoryless", lang="en", feed_text="<b>$x$ **m** :red[x]")
    assert problems(app) == []
    assert spec(app)["tokens"] == list("<b>$x$ **m** :red[x")


@pytest.mark.parametrize("window", [1, 2])
def test_equal_windows_get_equal_answers_of_the_perceptron_alone(window: int) -> None:
    pair = learned_pair("she sells sea shells", "elman", window)
    for steps in repeated(pair).values():
        assert spread(pair, "feed", steps) < 1e-6
    assert max(spread(pair, "rnn", steps) for steps in repeated(pair).values()) > 0.5
    assert pair.guessed("feed") == told_apart("she sells sea shells", window)[0]
    assert pair.guessed("rnn") == 19


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_names_the_steps_and_the_count(language: str) -> None:
    pair = learned_pair("namaskar", "lstm", 1)
    key, steps = telling(pair)
    assert (key, steps) == ("a", [1, 3, 6])
    caption = memory_caption(pair, "lstm", texts_of(language))
    assert [lead.move["time"] for lead in caption if not isinstance(lead, str)] == steps
    said = spoken(caption)
    assert all(number in said for number in ("2", "4", "7", "5"))
    assert first_step(pair) == 6


def test_without_repetition_there_is_nothing_to_show() -> None:
    pair = learned_pair("abcd", "elman", 1)
    assert telling(pair) is None
    assert "abc" in spoken(memory_caption(pair, "elman", texts_of("en")))


def test_windows() -> None:
    assert keys_of("nama", 2) == ("n", "na", "am", "ma")
    assert keys_of("nama", 1) == tuple("nama")


def test_every_right_and_every_guessed_class_has_a_row() -> None:
    pair = pair_of("shipped", "The cats see the lazy dog.", "elman", 1, "en")
    rows = shown_classes(pair)
    assert set(pair.right) - {-1} <= set(rows)
    for values in pair.probabilities.values():
        assert set(values.argmax(-1)) <= set(rows)
    assert rows == sorted(set(rows))


def test_tied_layers_are_the_elman_network_and_others_are_not() -> None:
    apart, half, tied = (stretch_of("namaskar", 3, tie) for tie in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(apart.states, stretch_of("namaskar", 2, 0.0).states)
    assert tied.gap.max() < 1e-6 < 0.1 < min(apart.gap.max(), half.gap.max())
    assert apart.right == tied.right == 7
    each = HIDDEN * (6 + HIDDEN + 1)
    assert (apart.parameters, tied.parameters, tied.recurrent) == (7 * each, each, each)


def test_one_layer_reads_a_text_of_any_length() -> None:
    long = stretch_of("namaskar", 4, 1.0)
    assert "".join(long.tokens) == "namaskarnamaska"
    assert long.parameters == stretch_of("namaskar", 3, 1.0).parameters
    np.testing.assert_allclose(long.states[:7], stretch_of("namaskar", 3, 1.0).states, atol=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("stage", "tie"), [(1, 0.0), (2, 0.0), (3, 0.3), (3, 1.0), (4, 1.0)])
def test_formula_and_caption_hold_the_numbers(stage: int, tie: float, language: str) -> None:
    texts, found = texts_of(language), stretch_of("namaskar", stage, tie)
    assert f"{found.parameters:,}" in formula(found, stage, tie, texts)
    assert str(found.right) in spoken(path_caption(found, stage, tie, texts))


def test_the_table_counts_what_windows_tell_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("streamlit.markdown", said.append)
    table("namaskar", texts_of("en"))
    assert "5 / 7 | 7 / 7 | 7 / 7" in said[0]
    assert "**2**" in said[1]
