"""The page about backpropagation through time opens in every part, and remembers the choices."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.lab.bptt import DEFAULT, MAX_STEPS, PARAMETERS, PARTS
from explorer.lab.bptt_numbers import LAYERS
from explorer.language import LANGUAGES, texts_of
from explorer.models import shipped
from tests.explorer.pages import go_to, open_page, spec_of

ELMANS = [card.id for card in shipped().values() if card.cell == "elman"]


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def stage(app: AppTest) -> dict[str, Any]:
    return spec_of(app.get("bidi_component")[-1].proto.bytes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_for_every_network(part: str, language: str) -> None:
    texts = texts_of(language)
    assert len(ELMANS) > 2
    for model in ELMANS:
        app = open_page("bptt", lang=language, bptt_part=part, bptt_model=model)
        assert problems(app) == []
        assert app.markdown[0].value == f"# {texts('nav.bptt')}"
        assert texts.lesson("bptt").strip() in [one.value for one in app.markdown]
        assert all(any(map(str.isdigit, panel["alt"])) for panel in stage(app)["panels"])
        assert stage(app)["text"]["position"] == texts("bptt.position")


def test_it_begins_with_the_network_of_the_equations_whatever_was_looked_at_before() -> None:
    app = open_page("cell", lang="en", model="namaskar-gru", text="mask")
    go_to(app, "bptt")
    assert problems(app) == []
    assert app.selectbox(key="bptt_model").value == DEFAULT
    assert app.selectbox(key="bptt_model").options == [
        option for option in app.selectbox(key="bptt_model").options if "Elman" in option
    ]
    assert stage(app)["tokens"] == list(shipped()[DEFAULT].examples[0])


def test_the_choices_are_in_the_address_and_a_link_opens_the_same_view() -> None:
    app = open_page("bptt", lang="en", bptt_part="cut", bptt_text="mask", unit="3", t="2")
    shown = stage(app)
    assert shown["tokens"] == list("mask")
    assert (shown["cursor"]["time"], shown["cursor"]["unit"]) == (1, 3)
    app.text_area(key="bptt_text").set_value("namas").run()
    assert app.query_params["bptt_text"] == "namas"
    assert app.query_params["bptt_part"] == "cut"
    assert stage(app)["tokens"] == list("namas")
    linked = open_page("bptt", bptt_part="cut", bptt_text="mask", bptt_window="3")
    assert stage(linked)["cursor"]["pinned"] == [2]


def test_the_cursor_begins_at_the_last_loss_and_is_common_to_all_parts_but_the_last() -> None:
    groups = {part: stage(open_page("bptt", bptt_part=part))["group"] for part in PARTS}
    assert len(set(groups.values())) == 2
    assert groups.pop("depth") not in groups.values()
    assert stage(open_page("bptt"))["cursor"]["unit"] == 6


def test_the_last_part_has_a_thousand_layers() -> None:
    shown = stage(open_page("bptt", bptt_part="depth", bptt_text="mask"))
    assert shown["steps"] == LAYERS == 1000
    assert shown["tokens"][:5] == list("maskm")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["n", "naßm人a", "<b>$x$ :red[x]", "namaskar" * 40, "\n \n"])
def test_whatever_a_reader_types_is_read(part: str, text: str) -> None:
    app = open_page("bptt", lang="en", bptt_part=part, bptt_text=text)
    assert problems(app) == []
    if part != "depth":
        assert stage(app)["tokens"] == list(text[:MAX_STEPS])


@pytest.mark.parametrize("part", PARTS)
def test_nonsense_in_the_address_is_no_error(part: str) -> None:
    app = open_page(
        "bptt", bptt_part=part, bptt_model="../x", bptt_window="-1e9", t="٣", unit="999999"
    )
    assert problems(app) == []
    assert app.query_params["bptt_model"] == DEFAULT
    nowhere = open_page("bptt", bptt_part="nowhere", bptt_window="999")
    assert problems(nowhere) == []
    assert stage(nowhere)["cursor"]["pinned"] == [6]


@pytest.mark.parametrize("loss", ["step", "mean"])
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_is_itemised(parameter: str, loss: str) -> None:
    for language in LANGUAGES:
        app = open_page("bptt", lang=language, bptt_of=parameter, bptt_loss=loss, t="2")
        assert problems(app) == []
        shown = stage(app)
        pictures = [panel["picture"] for panel in shown["panels"]]
        assert pictures == ["caption", "terms", "chain"][: 2 if loss == "mean" else 3]
        assert parameter in shown["panels"][1]["alt"]
        assert shown["cursor"]["time"] == 1
    other = open_page("bptt", bptt_of="Q", bptt_loss="sum")
    assert problems(other) == []
    assert stage(other)["panels"][1]["options"]["parameter"] == "U"


def test_nothing_new_is_sent_when_nothing_changed() -> None:
    app = open_page("bptt", lang="en", bptt_part="map")
    before = app.get("bidi_component")[-1].proto.bytes
    assert app.run().get("bidi_component")[-1].proto.bytes == before
