"""A few of the addresses that the long run tries, from a fixed seed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from explorer.address import LONGEST, well_formed
from tests.explorer.menu import PAGES
from tests.explorer.pages import open_page, shown
from tests.fuzz.addresses import Known, learning, outcomes, try_address


def wrong(first: int, last: int, seed: int) -> list[tuple[str, str]]:
    found = list(outcomes(first, last, seed))
    assert len(found) == last - first
    return [(one.wrong, one.url) for one in found if one.wrong]


@pytest.mark.slow
def test_every_page_takes_five_odd_addresses() -> None:
    assert wrong(0, 120, 3) == []


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("cell", {"text": "e" + "\u0301" * 5000, "unit": "9" * 40, "t": "nan"}),
        ("gradients", {"text": "x" * 20_000, "model": "numbers-gru-attention", "loss": "every"}),
        ("space", {"projection": "axes", "axis_x": "avg(" * 200, "near": "1e309", "word": "\x00"}),
        ("workshop", {"w_units": "1e9", "w_layers": "-1", "w_seed": "٣", "ws_run": "../../etc"}),
        ("generate", {"g_prompt": "((a+)+)+$" + "a" * 40, "g_temperature": "inf"}),
    ],
)
def test_an_odd_address_is_no_error(page: str, address: dict[str, str]) -> None:
    assert try_address(page, address).wrong == ""


def too_long(page: str) -> list[str]:
    """Fields of a page that hold more than can be typed into them, after a link that says more."""
    fields = open_page(page, lang="en")
    keys = [one.key for kind in ("text_area", "text_input") for one in fields.get(kind) if one.key]
    app = open_page(page, lang="en", **dict.fromkeys(keys, "abc " * 1900))
    assert not app.exception
    return [
        one.key
        for kind in ("text_area", "text_input")
        for one in app.get(kind)
        if one.proto.max_chars and len(one.value or "") > one.proto.max_chars
    ]


@pytest.mark.parametrize("page", ["generate", "states", "space", "words"])
def test_an_address_says_no_more_than_can_be_typed(page: str) -> None:
    assert too_long(page) == []


@pytest.mark.slow
def test_no_address_of_any_page_says_more_than_can_be_typed() -> None:
    assert {page: found for page in PAGES if (found := too_long(page))} == {}


def test_the_search_sees_a_page_that_fails_and_learns_what_a_page_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = Known()
    with learning(known, ["cell"]):
        open_page("cell", lang="en")
    assert known.parameters["cell"]["lang"][1] == ["en", "zh"]
    assert {"model", "text", "loss"} <= set(known.parameters["cell"])
    assert "namaskar-gru" in known.parameters["cell"]["model"][1]

    def fail(texts: object) -> None:
        raise OverflowError("as an odd number did")

    monkeypatch.setattr("explorer.views.cell.show", fail)
    assert "as an odd number did" in try_address("cell", {"lang": "en"}).wrong


def test_half_a_surrogate_pair_is_replaced_wherever_it_comes_from() -> None:
    assert well_formed("a\ud800b\udfff") == "a\ufffdb\ufffd"
    assert well_formed("国王 🙂") == "国王 🙂"

    def page() -> None:
        import streamlit as st

        from explorer.address import publish, tidy

        publish(text="a\ud800b")
        tidy()
        st.write(st.query_params["text"], len(st.query_params.get("long", "")))

    app = AppTest.from_function(page)
    app.query_params["long"] = "x" * 50_000
    app.run()
    assert not app.exception
    assert app.query_params["text"] == "a\ufffdb"
    assert str(LONGEST) in shown(app)[0]
