"""The page "The embedding space": every tool, both languages, links, and whatever is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.jobs import jobs
from explorer.language import LANGUAGES, texts_of
from explorer.space.analogies import FIELDS
from explorer.space.layouts import key_of
from explorer.space.settings import View
from explorer.space.tools import TOOLS
from explorer.space.uploads import FOLDER
from tests.explorer.pages import arrays_of, go_to, open_page, payload, shown, spec

EN = texts_of("en")
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[x] \u202eabc `k` **m** ~~n~~ =1+1"
PATIENCE = 120


def open_space(lang: str = "en", **address: str) -> AppTest:
    app = open_page("space", lang=lang, **address)
    assert problems(app) == []
    return app


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def said(app: AppTest) -> str:
    """All but the lesson, whose headings begin so."""
    return "\n".join(text for text in shown(app) if not text.startswith("## ")).replace("\\", "")


def options(app: AppTest) -> dict[str, Any]:
    return spec(app)["panels"][1]["options"]


def caption(app: AppTest) -> str:
    parts = spec(app)["panels"][0]["options"]["parts"]
    return "".join(part if isinstance(part, str) else part["text"] for part in parts)


def words(app: AppTest) -> list[str]:
    return arrays_of(payload(app))["labels"].tobytes().decode().split("\n")


def chosen(app: AppTest) -> str:
    return words(app)[spec(app)["goto"]["cursor"]["unit"]]


def press_row(app: AppTest, table: int, row: int) -> AppTest:
    """Press a row of the page's n-th table, as the browser reports it."""
    frame = app.dataframe[table]
    state = json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}})
    widgets = app._tree.get_widget_states()
    one = widgets.widgets.add()
    one.id, one.string_value = frame.proto.id, state
    return app._run(widgets)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_opens_in_both_languages(tool: str, language: str) -> None:
    app = open_space(language, tool=tool, find="i" if language == "en" else "国")
    texts = texts_of(language)
    assert app.markdown[0].value == f"# {texts('nav.space')}"
    assert texts.lesson("space").strip() in [one.value for one in app.markdown]
    assert [element.value for element in app.error] == []
    assert chosen(app) == {"en": "king", "zh": "国王"}[language]
    assert app.query_params.get("tool") == (None if tool == "neighbours" else tool)


def test_the_cloud_is_measured_and_says_so() -> None:
    app = open_space()
    arrays = arrays_of(payload(app))
    assert arrays["positions"].shape == (1, 800, 3)
    assert arrays["frequency"][0] == arrays["frequency"].max()
    assert "800 words of 50 numbers" in caption(app)
    assert options(app)["colour"] == "group"
    assert len(options(app)["groups"]) == 8


def test_the_exact_neighbours_stand_below() -> None:
    app = open_space(word="paris", nearest="20")
    table = app.dataframe[0].value
    assert table.shape == (20, 5)
    cosines = table[EN("space.cosine")].to_list()
    assert cosines == sorted(cosines, reverse=True)
    assert EN("space.neighbours_of", word="paris") in said(app)
    assert len(app.dataframe) == 2
    near = open_space(metric="euclidean").dataframe[0].value[EN("space.distance")].to_list()
    assert near == sorted(near)


def test_a_pressed_row_chooses_its_word_once() -> None:
    app = open_space()
    second = app.dataframe[0].value[EN("space.word")].iloc[1]
    turn = spec(app)["goto"]["id"]
    press_row(app, 0, 1)
    assert problems(app) == []
    assert chosen(app) == second
    assert spec(app)["goto"]["id"] != turn
    assert app.query_params["word"] == second
    again = spec(app)["goto"]["id"]
    app.run()
    assert spec(app)["goto"]["id"] == again


def test_words_are_found_in_the_whole_file() -> None:
    app = open_space(tool="find", find="qu")
    assert app.dataframe[0].value[EN("space.word")].to_list()[:2] == ["queen", "question"]
    app.button_group(key="find_by").set_value("pattern").run()
    app.text_input(key="find").set_value("^(king|queen)$").run()
    assert sorted(app.dataframe[0].value[EN("space.word")]) == ["king", "queen"]
    assert EN("space.found", found=2, total="800") in said(app)
    app.text_input(key="find").set_value("(").run()
    assert "is not taken" in said(app)
    assert problems(app) == []


def test_the_analogy_is_answered_honestly_and_drawn() -> None:
    app = open_space(tool="analogy")
    assert EN("space.analogy_rank", word="queen", without=1, every=1) in said(app)
    assert app.dataframe[0].value[EN("space.word")].iloc[0] == "queen"
    drawn = [[words(app)[a], words(app)[b], kind] for a, b, kind in options(app)["lines"]]
    assert drawn == [
        ["man", "king", "arrow"],
        ["woman", "queen", "arrow"],
        ["man", "woman", "dashed"],
        ["king", "queen", "dashed"],
    ]
    app.text_input(key="analogy_c").set_value("nobody-here").run()
    assert EN("space.unknown_words", words="nobody-here") in said(app)
    assert options(app)["lines"] == []


def test_words_of_the_question_are_drawn_though_the_view_leaves_them_out() -> None:
    question = dict(zip(FIELDS, ("france", "paris", "italy", "rome")))
    app = open_space(shown="300", tool="analogy", word="the", **question)
    assert set(words(app)[300:]) == set(question.values())
    assert len(options(app)["lines"]) == 4


def test_the_analogy_can_be_laid_flat() -> None:
    app = open_space(tool="analogy")
    app.button(key="lay-flat").click().run()
    assert problems(app) == []
    assert options(app)["axes"] == ["king - man", "woman - man"]
    assert options(app)["dimensions"] == 2
    places = arrays_of(payload(app))["positions"][0, :, :2]
    at = {word: places[words(app).index(word)] for word in ("man", "king", "woman", "queen")}
    side, other = at["king"] - at["man"], at["queen"] - at["woman"]
    assert np.linalg.norm(side - other) < 0.35 * np.linalg.norm(side)


def test_axes_from_formulas_and_what_is_wrong_with_them() -> None:
    app = open_space(projection="axes", dimensions="2", axis_x="king - queen", axis_y="paris")
    assert options(app)["axes"] == ["king - queen", "paris"]
    assert "Angles between the axes" in caption(app)
    for formula, problem in (
        ("king - ", "formula_end"),
        ("king queen", "formula_extra"),
        ("king - king", "formula_zero"),
        ("__import__('os')", "formula_function"),
    ):
        app.text_input(key="axis_x").set_value(formula).run()
        assert problems(app) == []
        assert EN(f"space.{problem}") in app.error[0].value.replace("\\", "")
    app.text_input(key="axis_x").set_value("qwertyuiop - king").run()
    assert "qwertyuiop" in app.error[0].value
    app.text_input(key="axis_x").set_value("king").run()
    assert not app.error


def test_a_neighbourhood_is_isolated_and_unfolded() -> None:
    app = open_space(word="paris")
    near = app.dataframe[0].value[EN("space.word")].to_list()
    (button,) = [b for b in app.button if b.label == EN("space.isolate", near=20)]
    button.click().run()
    assert problems(app) == []
    assert len(words(app)) == 21
    assert {"paris", *near} <= set(words(app))
    assert app.query_params["around"] == "paris"
    assert "“paris” and its 20 nearest" in caption(app)
    app.button(key="unfold").click().run()
    assert len(words(app)) == 800
    assert "around" not in app.query_params


def test_tsne_goes_on_in_the_background_and_is_played_back() -> None:
    app = open_space(projection="tsne", dimensions="2", shown="300")
    view = View("en", "tsne", 2, shown=300)
    assert len(arrays_of(payload(app))["positions"]) == 1
    jobs().find(key_of(view)).wait(PATIENCE)
    app.run()
    assert problems(app) == []
    frames = len(arrays_of(payload(app))["positions"])
    assert frames == spec(app)["steps"] > 20
    assert spec(app)["goto"]["cursor"]["time"] == frames - 1
    assert "trustworthiness" in caption(app)
    assert options(app)["axes"] == []


def test_stopping_goes_back_to_pca() -> None:
    app = open_space(projection="tsne", dimensions="3", shown="800", metric="euclidean")
    stops = [button for button in app.button if button.key == "stop-job"]
    if stops:  # else it has ended already
        stops[0].click().run()
        assert problems(app) == []
        assert app.selectbox(key="projection").value == "pca"
        assert "PCA keeps" in caption(app)


def test_colours_of_ones_own() -> None:
    app = open_space(tint="axis", tint_axis="king - queen", clusters="3")
    assert options(app)["colour"] == "tint"
    assert options(app)["tint_label"] == "king - queen"
    assert len(options(app)["groups"]) == 3
    app.radio(key="tint").set_value("distortion").run()
    assert options(app)["tint_label"] == EN("space.tint_distortion")
    assert problems(app) == []


def test_input_and_output_vectors() -> None:
    app = open_space(output="1")
    inputs = open_space()
    both = [arrays_of(payload(one))["positions"] for one in (app, inputs)]
    assert np.abs(both[0] - both[1]).max() > 0.01
    assert spec(app)["group"] != spec(inputs)["group"]
    changes = open_space(tool="changes")
    assert changes.selectbox(key="against").value == "output"
    assert len(changes.dataframe[0].value) == 30


def test_the_bias_axis_is_tested() -> None:
    app = open_space(tool="bias")
    assert "p = 0.00" in said(app)
    assert EN("space.bias_exact", count="924") in said(app)
    app.text_input(key="bias_second").set_value("aunt, nun").run()
    assert "6 and 2 words" in app.error[0].value
    app.text_input(key="bias_first").set_value("uncle qwertyuiop").run()
    assert EN("space.unknown_words", words="qwertyuiop") in said(app)
    assert problems(app) == []


def test_the_grammars_questions_are_scored() -> None:
    app = open_space(tool="scores")
    table = app.dataframe[0].value
    assert len(table) >= 5
    assert "Rank correlation" in said(app)
    assert app.dataframe[0].value[EN("space.scores_right")].iloc[0].endswith("%")


def vectors_file(folder: Path, name: str = "mine.txt", rows: int = 40) -> Path:
    random = np.random.default_rng(1)
    names = ["<b>x</b>", "=1+1", "\u200fabc", "king", *(f"w{n}" for n in range(rows - 4))]
    lines = [f"{n} {' '.join(f'{v:.4f}' for v in random.normal(size=7))}" for n in names]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def test_own_vectors_are_described_opened_and_compared(folder: Path) -> None:
    vectors_file(folder)
    app = open_space()
    app.selectbox(key="own_local").set_value("mine.txt").run()
    assert EN("space.found_about", rows="40", size="7") in said(app)
    app.button(key="open-own").click().run()
    assert problems(app) == []
    assert words(app)[:4] == ["<b>x</b>", "=1+1", "\u200fabc", "king"]
    assert app.selectbox(key="vectors").value.startswith("own-")
    assert "40 × 7" in said(app)
    assert len(app.dataframe) == 1
    for tool in TOOLS:
        app.button_group(key="tool").set_value(tool).run()
        assert problems(app) == []
    app.button_group(key="tool").set_value("changes").run()
    assert app.selectbox(key="against").value == "en"
    assert "1 words are in both" in app.error[0].value


def test_a_bad_file_says_where_it_is_bad(folder: Path) -> None:
    path = vectors_file(folder, "bad_*.txt")
    path.write_text(path.read_text(encoding="utf-8") + "short 1 2\n", encoding="utf-8")
    app = open_space()
    app.selectbox(key="own_local").set_value("bad_*.txt").run()
    app.button(key="open-own").click().run()
    assert problems(app) == []
    assert not app.error
    assert app.selectbox(key="vectors").value.startswith("own-")
    assert EN("space.facts_skipped", count=1) in said(app)
    assert "line 41 has 2 numbers where 7 were expected" in app.text[0].value
    path.write_text("a 1 2\nb 1\nc 1\n", encoding="utf-8")
    app.selectbox(key="own_local").set_value("").run()
    app.selectbox(key="own_local").set_value("bad_*.txt").run()
    app.button(key="open-own").click().run()
    assert problems(app) == []
    assert "line 2 has 1 numbers where 2 were expected" in app.error[0].value


def test_too_few_rows_with_a_direction_are_not_opened(folder: Path) -> None:
    (folder / "zeros.txt").write_text("a 0 0\nb 0 0\nc 1 0\n")
    app = open_space()
    app.selectbox(key="own_local").set_value("zeros.txt").run()
    app.button(key="open-own").click().run()
    assert problems(app) == []
    assert app.error[0].value == EN("space.too_few_rows", rows=1, fewest=4)


@pytest.mark.parametrize(
    "address",
    [
        {"word": HOSTILE, "tool": "nothing", "projection": "isomap", "shown": "-1"},
        {"dimensions": "9", "metric": "manhattan", "around": "qwertyuiop", "near": "x"},
        {"tint": "axis", "tint_axis": "(" * 300},
        {"projection": "axes", "axis_x": HOSTILE},
        {"tool": "analogy", "analogy_a": HOSTILE, "analogy_b": ""},
        {"tool": "find", "find": "(a+)+$", "find_by": "pattern"},
        {"tool": "polar", "polar_axes": HOSTILE, "polar_words": HOSTILE},
        {"tool": "bias", "bias_first": HOSTILE, "bias_pole": ""},
        {"vectors": "own-gone", "groups": "kind", "clusters": "1", "output": "maybe"},
        {"tool": "changes", "against": "own-gone"},
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nonsense_in_the_address_is_no_error(language: str, address: dict[str, str]) -> None:
    app = open_page("space", lang=language, **address)
    assert problems(app) == []


def test_the_view_survives_another_page() -> None:
    app = open_space(word="paris")
    go_to(app, "home")
    go_to(app, "space")
    assert problems(app) == []
    assert chosen(app) == "paris"


def test_another_language_brings_its_own_vectors_and_examples() -> None:
    app = open_space()
    app.button_group(key="lang").set_value("zh").run()
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts_of('zh')('nav.space')}"
