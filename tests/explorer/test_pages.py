"""Every page opens, in both languages, for every network and whatever a reader types."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from explorer.language import LANGUAGES, texts_of
from explorer.models import MAX_STEPS, shipped
from tests.explorer.pages import CHOOSING, PAGES, choose, go_to, open_page, payload, shown, spec

HOSTILE = "<img src=x onerror=alert(1)><s>$x$ :red[x] \u202eabc `k` **m** \\ ~~n~~"


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_every_network(page: str, language: str) -> None:
    app = open_page(page, lang=language)
    texts = texts_of(language)
    title = texts("home.title" if page == "home" else f"nav.{page}")
    for card_id in shipped() if page != "home" else ["none"]:
        if page != "home":
            choose(app, model=card_id)
        assert problems(app) == []
        assert app.markdown[0].value == f"# {title}"
        assert texts.lesson(page).strip() in [
            one.value for one in app.markdown[-2:]
        ]  # then the key
        assert spec(app)["text"] == dict(texts.section("player"))


@pytest.mark.parametrize("page", CHOOSING)
def test_the_choices_are_in_the_address(page: str) -> None:
    app = open_page(page, lang="en", model="namaskar-gru", text="mask")
    assert app.selectbox(key="model").value == "namaskar-gru"
    assert spec(app)["tokens"] == list("mask")
    choose(app, model="namaskar-elman", text="nama")
    assert problems(app) == []
    assert app.query_params["model"] == "namaskar-elman"
    assert app.query_params["text"] == "nama"
    assert spec(app)["cell"]["kind"] == "elman"
    assert spec(app)["tokens"] == list("nama")


def test_the_language_can_be_changed() -> None:
    app = open_page("cell", lang="en")
    choose(app, lang="zh")
    assert app.markdown[0].value == f"# {texts_of('zh')('nav.cell')}"
    assert app.query_params["lang"] == "zh"
    assert spec(app)["text"]["play"] == texts_of("zh")("player.play")


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("fr", "en")])
def test_without_an_address_the_browser_chooses_the_language(locale: str, language: str) -> None:
    app = AppTest.from_file(open_page.__globals__["APP"], default_timeout=60)
    app.context["locale"] = locale
    go_to(app, "home")
    assert app.query_params["lang"] == language


def test_choices_survive_other_pages() -> None:
    app = open_page("gradients", lang="zh", model="namaskar-gru", text="mask", loss="every")
    for page in ("home", "cell", "states", "home", "gradients"):
        app.query_params.clear()  # a browser's address is emptied by a change of page
        go_to(app, page)
        assert problems(app) == []
        assert app.query_params["lang"] == "zh"
    assert spec(app)["tokens"] == list("mask")
    assert spec(app)["cell"]["kind"] == "gru"
    assert app.query_params["loss"] == "every"


def test_a_loss_at_every_step_gives_other_gradients() -> None:
    app = open_page("gradients", lang="en")
    last = payload(app)
    assert "loss" not in app.query_params
    choose(app, loss="every")
    assert app.query_params["loss"] == "every"
    assert payload(app) != last
    assert problems(app) == []


def test_the_cells_stand_side_by_side_the_chosen_one_first() -> None:
    app = open_page("gradients", lang="en", model="namaskar-jordan")
    labels = [series["label"] for series in spec(app)["series"]]
    assert labels[0] == "Jordan"
    assert sorted(labels) == ["Elman", "GRU", "Jordan", "LSTM"]


@pytest.mark.parametrize("page", CHOOSING)
def test_unknown_characters_are_read_and_pointed_out(page: str) -> None:
    app = open_page(page, lang="en", text="naßm人a人")
    assert problems(app) == []
    assert spec(app)["tokens"] == list("naßm人a人")
    assert spec(app)["unknown"] == [2, 4, 6]
    (warning,) = app.warning
    assert warning.value.count("人") == 1
    assert "ß" in warning.value


@pytest.mark.parametrize("page", CHOOSING)
def test_markup_in_a_text_stays_text(page: str) -> None:
    app = open_page(page, lang="en", text=HOSTILE)
    assert problems(app) == []
    assert spec(app)["tokens"] == list(HOSTILE)
    (warning,) = app.warning
    for mark in "<>$:[]`*\\~":
        assert f"\\{mark}" in warning.value


@pytest.mark.parametrize("page", CHOOSING)
def test_a_long_text_is_read_up_to_the_limit(page: str) -> None:
    app = open_page(page, lang="en", text="namaskar" * 60)
    assert problems(app) == []
    assert spec(app)["tokens"] == list(("namaskar" * 60)[:MAX_STEPS])


@pytest.mark.parametrize("page", CHOOSING)
def test_an_empty_text_is_said_and_the_example_is_read(page: str) -> None:
    app = open_page(page, lang="zh", model="namaskar-lstm")
    choose(app, text="")
    assert problems(app) == []
    assert [warning.value for warning in app.warning] == [texts_of("zh")("sidebar.empty")]
    assert "".join(spec(app)["tokens"]) == shipped()["namaskar-lstm"].examples[0]


@pytest.mark.parametrize("text", ["n", "\n", " ", "🙂", "e\u0301", "\ud7ff\ufffe"])
@pytest.mark.parametrize("page", CHOOSING)
def test_a_single_step_is_enough(page: str, text: str) -> None:
    app = open_page(page, lang="en", text=text)
    assert problems(app) == []
    assert spec(app)["tokens"] == list(text)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "address",
    [
        {"lang": "xx", "model": "no-such-model", "loss": "never"},
        {"t": "-3", "unit": "1e9", "layer": "x", "direction": "", "signal": "<s>", "mode": "up"},
        {"t": "999999", "unit": "999999", "layer": "999999", "direction": "7"},
        {"t": "٣", "unit": "²", "layer": "9" * 40, "model": "../../etc/passwd"},
    ],
)
def test_nonsense_in_the_address_is_no_error(page: str, address: dict[str, str]) -> None:
    app = open_page(page, **address)
    assert problems(app) == []
    assert spec(app)["mode"] in ("forward", "backward")
    assert app.query_params["lang"] in LANGUAGES


@pytest.mark.parametrize("page", PAGES)
def test_nothing_new_is_sent_when_nothing_changed(page: str) -> None:
    app = open_page(page, lang="en")
    before = payload(app)
    assert payload(app.run()) == before


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_says_what_it_shows(page: str) -> None:
    for language in LANGUAGES:
        for panel in spec(open_page(page, lang=language))["panels"]:
            assert len(panel["alt"]) > 12
            assert any(digit.isdigit() for digit in panel["alt"])


def test_an_example_fills_in_the_text() -> None:
    app = open_page("cell", lang="en")
    example = shipped()["namaskar-lstm"].examples[1]
    app.button(key="example-1").click().run()
    assert spec(app)["tokens"] == list(example)
    assert app.query_params["text"] == example


def test_home_says_what_it_is_and_leads_on() -> None:
    for language in LANGUAGES:
        app = open_page("home", lang=language)
        assert texts_of(language)("home.under") in shown(app)
        assert spec(app)["play"] is True
        assert len(spec(app)["tokens"]) == 7
