"""The page on training in practice in a browser: every part fits, and its choices redraw it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from explorer.language import LANGUAGES
from explorer.views.practice import PARTS
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000


def open_part(screen: Screen, part: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = {"lang": lang, "p_part": part} | address
    screen.page.goto(f"{screen.url}/practice?{urlencode(query)}")
    expect(screen.page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    return screen.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in PARTS:
        open_part(screen, part, lang)
        (chart,) = screen.page.locator(".js-plotly-plot").all()
        box = chart.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part
        assert box["x"] + box["width"] <= SIZE["width"], part
    assert screen.complaints == []


def test_another_way_of_reading_is_another_sentence(screen: Screen) -> None:
    open_part(screen, "batches", p_text="Zoe sings (2: ha ha).")
    for way, right in (("packed", True), ("left", False), ("carried", True), ("reset", False)):
        name = screen.texts(f"practice.way_{way}")
        screen.page.get_by_role("radio", name=name, exact=True).click()
        said = screen.page.get_by_text(name + ":", exact=False).first
        expect(said).to_contain_text("all states are" if right else "the states are not")
        screen.expect_address(p_way=way)
