"""The page "How words become numbers": every step, in both languages, from links and from hands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.language import LANGUAGES, texts_of
from explorer.views.words import STEPS
from explorer.words.limits import PAIR
from explorer.words.skipgram import Training, jobs
from tests.explorer.pages import go_to, open_page, shown, spec

SMALL = {"corpus_words": "100000"}
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[x] \u202eabc `k` **m** ~~n~~ =1+1"


def open_step(step: str, lang: str = "en", **address: str) -> AppTest:
    app = open_page("words", lang=lang, step=step, **SMALL, **address)
    assert problems(app) == []
    return app


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def charts(app: AppTest) -> list[str]:
    return [chart.proto.spec for chart in app.get("plotly_chart")]


def said(app: AppTest) -> str:
    return "\n".join(shown(app)[:-1])


def wait_for_training(app: AppTest, lang: str = "en", **changed: Any) -> AppTest:
    settings = {"size": 64, "window": 5, "epochs": 5, "seed": 0} | changed
    job = jobs().find(Training(lang, 100_000, **settings))
    assert job is not None
    assert job.wait(120).done
    app.run()
    assert problems(app) == []
    return app


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_with_something_measured(step: str, language: str) -> None:
    app = open_step(step, language)
    if step in ("skip-gram", "beside"):
        wait_for_training(app, language)
    if step == "limits":
        wait_for_training(app, language, merged=(*PAIR[language], "0.5"))
    assert app.markdown[0].value == f"# {texts_of(language)('nav.words')}"
    assert app.markdown[-1].value == texts_of(language).lesson("words").strip()
    words = spec(app)["panels"][1]["alt"] if step == "circle" else said(app)
    assert re.search(r"\d", words)
    assert app.query_params["step"] == step


@pytest.mark.parametrize(
    ("step", "count"),
    [("one-hot", 3), ("bag", 2), ("tf-idf", 3), ("company", 3), ("skip-gram", 6), ("beside", 8)],
)
def test_the_pictures_of_a_step(step: str, count: int) -> None:
    app = open_step(step)
    if step in ("skip-gram", "beside"):
        wait_for_training(app)
    assert len(app.get("plotly_chart")) == count


def test_opposite_sentences_have_one_bag_in_both_languages() -> None:
    for language in LANGUAGES:
        expected = texts_of(language)("words.same_bag", one=1, other=2, cosine="1.00")
        assert expected in said(open_step("bag", language))
        assert expected in said(open_step("tf-idf", language))


def test_the_readers_sentences_drive_the_steps_and_are_in_the_address() -> None:
    app = open_step("bag", sentences="a cat\nb cat")
    assert texts_of("en")("words.no_same_bag") in said(app)
    app.text_area(key="sentences").set_value("one two\ntwo one").run()
    assert problems(app) == []
    assert app.query_params["sentences"] == "one two\ntwo one"
    assert texts_of("en")("words.same_bag", one=1, other=2, cosine="1.00") in said(app)
    app.button_group(key="step").set_value("one-hot").run()
    assert texts_of("en")("words.one_hot_cosines", pairs=1) in said(app)


def test_chinese_on_the_english_page_can_be_split_by_characters() -> None:
    app = open_step("bag", sentences="女人喂猫\n猫喂女人")
    assert texts_of("en")("words.bag_size", words=3) in said(app)
    app.button_group(key="split").set_value("characters").run()
    assert problems(app) == []
    assert texts_of("en")("words.bag_size", words=4) in said(app)
    assert app.query_params["split"] == "characters"


def test_tokens_stand_side_by_side_as_text() -> None:
    app = open_step("tokens", sentences=f"{HOSTILE}\n南京市长江大桥")
    html = "".join(block.proto.body for block in app.get("html"))
    assert "<img" not in html
    assert "&lt;img" in html
    assert "长江大桥<sub>" in html
    assert "桥<sub>" in html


@pytest.mark.parametrize("step", ["tokens", "one-hot", "bag", "tf-idf"])
@pytest.mark.parametrize("sentences", [HOSTILE, "", "…", "x", "词" * 2000, "a\n" * 40, "a\x00b"])
def test_any_text_is_taken(step: str, sentences: str) -> None:
    app = open_step(step, sentences=sentences)
    assert not any("<img" in chart for chart in charts(app))
    if not re.search(r"\w", sentences):
        assert texts_of("en")("words.no_sentence") in [warning.value for warning in app.warning]


def test_plain_idf_can_be_chosen() -> None:
    app = open_step("tf-idf")
    assert "“the” tells least (IDF 1.00)" in said(app)
    app.toggle(key="idf_smooth").set_value(False).run()
    assert "“the” tells least (IDF 0.00)" in said(app)
    assert app.query_params["idf_smooth"] == "0"
    assert "“the” tells least (IDF 0.00)" in said(open_step("tf-idf", idf_smooth="0"))


def test_company_is_counted_in_three_ways() -> None:
    texts = texts_of("en")
    app = open_step("company", company="counts")
    assert texts("words.about_counts") in said(app)
    app.button_group(key="company").set_value("svd").run()
    assert problems(app) == []
    assert texts("words.about_svd") in said(app)
    assert "A word has 64 numbers" in said(app)
    app.select_slider(key="word_size").set_value("2").run()
    assert "A word has 2 numbers" in said(app)
    assert app.query_params["word_size"] == "2"


def test_words_of_ones_own_and_words_that_are_not_there() -> None:
    app = open_step("company", twenty="king queen\nparis qwertyuiop")
    (warning,) = app.warning
    assert "qwertyuiop" in warning.value
    assert "3 × 3" in app.get("plotly_chart")[0].proto.alt
    app.text_area(key="twenty").set_value("nothing here").run()
    assert problems(app) == []
    assert texts_of("en")("words.too_few") in [warning.value for warning in app.warning]


def test_the_words_follow_the_language_until_they_are_changed() -> None:
    app = open_step("company")
    app.button_group(key="lang").set_value("zh").run()
    assert problems(app) == []
    assert app.text_area(key="twenty").value.startswith("国王 女王")
    app.text_area(key="twenty").set_value("马 猫\n二 三").run()
    app.button_group(key="lang").set_value("en").run()
    assert problems(app) == []
    assert app.text_area(key="twenty").value == "马 猫\n二 三"


def test_skip_gram_is_trained_and_answers() -> None:
    app = open_step("skip-gram", word_epochs="1", word_size="16", word_seed="3")
    wait_for_training(app, size=16, epochs=1, seed=3)
    assert re.search(r"king − man \+ woman: queen is at rank \d+\.", said(app).replace("\\", ""))


def test_any_four_representations_stand_beside_each_other() -> None:
    app = open_step("beside", beside="bag.tf-idf.svd.nonsense.svd")
    assert app.multiselect(key="beside").value == ["bag", "tf-idf", "svd"]
    assert len(app.get("plotly_chart")) == 6
    app.multiselect(key="beside").set_value([]).run()
    wait_for_training(app)
    assert len(app.get("plotly_chart")) == 8


def test_two_meanings_of_one_word() -> None:
    app = open_step("limits", meaning_1="king", meaning_2="room", meaning_share="0.8")
    wait_for_training(app, merged=("king", "room", "0.8"))
    assert "called “king/room”" in said(app).replace("\\", "")
    assert len(app.get("plotly_chart")) == 3
    app.selectbox(key="meaning_2").set_value("king").run()
    assert texts_of("en")("words.same_meaning") in [warning.value for warning in app.warning]
    assert app.query_params["meaning_share"] == "0.8"


def test_the_circle_turns_with_the_cursor_and_keeps_its_angle_when_noise_is_added() -> None:
    app = open_step("circle", t="3")
    assert spec(app)["cursor"]["time"] == 2
    app.select_slider(key="noise").set_value("0.3").run()
    assert problems(app) == []
    assert spec(app)["cursor"]["time"] == 2
    assert app.query_params["noise"] == "0.3"


@pytest.mark.parametrize(
    "address",
    [
        {"step": "nowhere", "corpus_words": "-1", "split": "letters"},
        {"step": "company", "company": "x", "word_window": "0", "word_fading": "maybe", **SMALL},
        {"step": "company", "focus": "nobody", "word_smoothing": "nan", "twenty": "\n\n", **SMALL},
        {"step": "circle", "noise": "1e9", "t": "999"},
        {"step": "limits", "meaning_1": "<b>", "meaning_share": "2", **SMALL},
        {"step": "tf-idf", "idf_smooth": "yes"},
    ],
)
def test_nonsense_in_the_address_is_no_error(address: dict[str, str]) -> None:
    assert problems(open_page("words", lang="en", **address)) == []


def test_settings_survive_the_other_steps() -> None:
    app = open_step("company", company="counts", word_window="2", word_fading="1")
    for step in ("tokens", "circle", "company"):
        app.button_group(key="step").set_value(step).run()
        assert problems(app) == []
    assert app.button_group(key="company").value == "counts"
    assert app.select_slider(key="word_window").value == "2"
    assert app.toggle(key="word_fading").value is True


def test_the_page_opens_after_another_one() -> None:
    app = open_page("home", lang="zh")
    go_to(app, "words")
    assert problems(app) == []
