"""The page *Vanishing and exploding* opens in every part, and remembers what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from explorer.language import LANGUAGES, texts_of
from explorer.views.vanishing import PARTS
from tests.explorer.pages import open_page, spec_of

NETWORKS = ("drawn", "namaskar-elman", "chinese-elman")


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def stage(app: AppTest) -> dict[str, Any]:
    return spec_of(app.get("bidi_component")[-1].proto.bytes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    texts = texts_of(language)
    for network in NETWORKS:
        app = open_page(
            "vanishing", lang=language, v_part=part, v_network=network, v_trained="grammar-elman"
        )
        assert problems(app) == []
        assert app.markdown[0].value == f"# {texts('nav.vanishing')}"
        assert texts.lesson("vanishing").strip() in [one.value for one in app.markdown]
        if part != "scale":
            assert all(any(map(str.isdigit, panel["alt"])) for panel in stage(app)["panels"])


def test_the_choices_are_in_the_address() -> None:
    app = open_page("vanishing", lang="en", v_kind="orthogonal", v_units="8", v_activation="relu")
    assert stage(app)["units"] == 8
    app.select_slider(key="v_units").set_value("16").run()
    assert app.query_params["v_units"] == "16"
    assert app.query_params["v_kind"] == "orthogonal"
    assert stage(app)["units"] == 16
    app.select_slider(key="v_units").set_value("24").run()
    assert "v_units" not in app.query_params  # the standard one is not written down


def test_the_radius_stays_when_another_network_is_drawn() -> None:
    app = open_page("vanishing", lang="en", t="5")
    first = stage(app)
    assert first["cursor"]["time"] == 4
    app.select_slider(key="v_seed").set_value("2").run()
    assert stage(app)["group"] == first["group"]


def test_the_size_of_a_disturbance_is_chosen() -> None:
    app = open_page("vanishing", lang="en", v_part="ripple", v_radius="1.20")
    small = stage(app)["panels"][0]["options"]["frames"]
    app.select_slider(key="v_size").set_value("5").run()
    assert problems(app) == []
    assert stage(app)["panels"][0]["options"]["frames"] != small
    assert app.query_params["v_size"] == "5"
    assert app.query_params["v_radius"] == "1.20"


@pytest.mark.parametrize("text", ["a", "", "ab", "人<b>$x$"])
@pytest.mark.parametrize("part", ["radius", "activation", "ripple"])
def test_whatever_is_typed_is_read(part: str, text: str) -> None:
    app = open_page("vanishing", lang="en", v_part=part, v_network="grammar-elman", v_text=text)
    assert problems(app) == []
    assert len(app.warning) == (1 if len(text) < 2 else 0)


@pytest.mark.parametrize(
    "address",
    [
        {"v_part": "none", "v_network": "lstm", "v_units": "9999", "v_seed": "-1"},
        {"v_part": "ripple", "v_radius": "inf", "v_size": "0", "t": "999999"},
    ],
)
def test_nonsense_in_the_address_is_no_error(address: dict[str, str]) -> None:
    assert problems(open_page("vanishing", **address)) == []


def test_nothing_new_is_sent_when_nothing_changed() -> None:
    app = open_page("vanishing", lang="en")
    before = app.get("bidi_component")[-1].proto.bytes
    assert app.run().get("bidi_component")[-1].proto.bytes == before
