"""Tags appear for what a reader types, and the words that a network sees follow the choice."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "tag_part": part} | address
    screen.page.goto(f"{screen.url}/tagging?{urlencode(query)}")
    shape = ".tag-slots" if part == "tickets" else ".sight"
    expect(screen.page.locator(shape)).to_be_visible(timeout=PATIENCE)
    return screen.settle()


def test_an_own_sentence_is_tagged(screen: Screen) -> None:
    open_part(screen, "tickets")
    slots = screen.page.locator(".tag-slots strong")
    expect(slots).to_have_text(["December 12th", "Beijing", "Changsha"])
    field = screen.page.get_by_label(screen.texts("gallery.input"), exact=True)
    field.fill("tomorrow I have to travel from Oslo to <i>Rome</i>")
    field.press("Control+Enter")
    expect(slots).to_have_text(["tomorrow", "Oslo", "Rome"])
    first = screen.page.locator(".tagged").first
    expect(first).to_contain_text("Oslo")
    expect(first.locator("i")).to_have_count(0)


def test_the_words_that_are_seen_follow_the_word_asked_about(screen: Screen) -> None:
    open_part(screen, "addresses", "zh")
    hatched = screen.page.locator(".sight tr").nth(3).locator(".unseen")
    before = hatched.count()
    screen.page.get_by_role("radio", name="失踪", exact=True).click()
    screen.settle()
    expect(hatched).not_to_have_count(before)
    screen.expect_address(tag_word="18")
