"""A digit is drawn in a browser and named while it is drawn, as the network itself would."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Locator, expect

from explorer.gallery.describe import spellers
from explorer.language import texts_of
from explorer.models import load_applied
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser


def words(screen: Screen) -> Locator:
    return screen.stage.locator(".speller-word")


def test_a_drawing_is_spelled_while_it_is_drawn(screen: Screen) -> None:
    screen.open("describe", say_digit="7")
    models = [load_applied(model.id) for model in spellers(texts_of("en"))]
    for place, model in enumerate(models):
        expect(words(screen).nth(place)).to_have_text(model.answer("7")["answer"])
    screen.stage.get_by_role("button", name=screen.texts("player.speller_clear")).click()
    box = screen.stage.locator(".pad-sheet").bounding_box()
    assert box is not None
    screen.sent.clear()
    x = box["x"] + 0.55 * box["width"]
    screen.page.mouse.move(x, box["y"] + 0.06 * box["height"])
    screen.page.mouse.down()
    screen.page.mouse.move(x, box["y"] + 0.94 * box["height"], steps=12)
    expect(words(screen).first).to_have_text("one")
    assert screen.sent == []  # named in the browser
    screen.page.mouse.up()
    link = screen.page.get_by_role("link", name=screen.texts("nav.states")).last
    screen.page.wait_for_function("link => link.href.includes('text=0')", arg=link.element_handle())
    (drawn,) = parse_qs(urlsplit(link.get_attribute("href") or "").query)["text"]
    for place, model in enumerate(models):
        expect(words(screen).nth(place)).to_have_text(model.answer(drawn)["answer"])


def test_the_cursor_goes_along_the_letters(screen: Screen) -> None:
    screen.open("describe", lang="zh", say_digit="0")
    now = screen.stage.locator(".speller-now .speller-said")
    expect(now.first).to_have_text("■")
    screen.page.keyboard.press("Home")
    expect(now.first).to_have_text("数")
    screen.page.keyboard.press("ArrowRight")
    expect(now.first).to_have_text("字")
