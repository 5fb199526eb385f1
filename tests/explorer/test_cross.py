"""Every page with every kind of network: it shows the network, or says why it does not.

The everyday selection opens one network of each of five kinds on the pages that take one; the
whole cross, every page of the menu and every kind of card there is, is slow.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.language import texts_of
from tests.explorer.cards import give, one_of_each_kind, own_files
from tests.explorer.menu import PAGES
from tests.explorer.pages import go_to, open_page, shown

# Pages that take the network of the sidebar, and the parts that each of them has.
TAKING: dict[str, list[dict[str, str]]] = {
    "cell": [{}],
    "unrolled": [{}],
    "states": [{}],
    "gradients": [{}],
    "gates": [{"gates_part": part} for part in ("ledger", "paths", "hold", "lasting", "reset")],
}
# Pages with a list of networks of their own, and what that list is called in the address.
CHOOSING = {"bptt": "bptt_model", "generate": "g_model"}
EVERYDAY = ["grammar-gru", "sentiment-en-lstm", "dates-gru", "run:1-good"]
OWN = ["own lstm", "own elman", "own tagger", "own translator", "recorded lstm", "recorded gru"]


def problems(app: AppTest) -> list[str]:
    return [element.message for element in app.exception]


def check(app: AppTest, page: str, card_id: str) -> None:
    """No traceback; the network is still the chosen one, and something is drawn or said."""
    assert problems(app) == [], (page, card_id)
    assert app.selectbox(key="model").value == card_id, page
    drawn = len(app.get("bidi_component")) + len(app.get("plotly_chart"))
    assert drawn or app.info, (page, card_id)


def check_card(card_id: str, language: str) -> None:
    for page, parts in TAKING.items():
        for part in parts:
            check(open_page(page, lang=language, model=card_id, **part), page, card_id)


def check_file(data: bytes) -> None:
    app = open_page("cell", lang="en")
    card_id = give(app, data)
    for page, parts in TAKING.items():
        for part in parts:
            app.query_params.clear()
            for name, value in part.items():
                app.session_state[name] = value
            check(go_to(app, page), page, card_id)


def test_the_pages_of_the_menu_are_all_there() -> None:
    assert set(TAKING) | set(CHOOSING) <= set(PAGES)
    assert len(PAGES) >= 24


@pytest.mark.parametrize("card_id", EVERYDAY)
def test_pages_show_a_network_or_say_why_not(card_id: str) -> None:
    check_card(card_id, "zh")


@pytest.mark.parametrize("kind", ["own tagger", "recorded gru"])
def test_pages_show_an_opened_file_or_say_why_not(kind: str, tmp_path: Path) -> None:
    check_file(own_files(tmp_path)[kind])


def test_a_part_that_cannot_run_a_network_says_so_and_the_ledger_does_show_it() -> None:
    for language in ("en", "zh"):
        texts = texts_of(language)
        reason = texts("gates.needs_reader", ledger=texts("gates.part_ledger"))
        for part in ("paths", "hold", "lasting"):
            app = open_page("gates", lang=language, model="tickets-lstm", gates_part=part)
            assert reason in shown(app)
        app = open_page("gates", lang=language, model="tickets-lstm", gates_part="ledger")
        assert reason not in shown(app)
        assert app.get("bidi_component")


@pytest.mark.slow
@pytest.mark.parametrize("card_id", one_of_each_kind())
def test_every_kind_of_network_on_every_page_that_takes_one(card_id: str) -> None:
    check_card(card_id, "en")


@pytest.mark.slow
@pytest.mark.parametrize("kind", OWN)
def test_every_kind_of_file_on_every_page_that_takes_one(kind: str, tmp_path: Path) -> None:
    check_file(own_files(tmp_path)[kind])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_after_a_network_of_every_kind(page: str, tmp_path: Path) -> None:
    """Pages with lists of their own meet the choice that was made elsewhere."""
    for card_id in EVERYDAY:
        named = CHOOSING.get(page, "model")
        assert problems(open_page(page, lang="en", **{named: card_id})) == [], card_id
    for data in own_files(tmp_path).values():
        app = open_page("cell", lang="en")
        give(app, data)
        assert problems(go_to(app, page)) == []
