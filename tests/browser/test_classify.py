"""Own sentences and digits, in a browser."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from explorer.language import LANGUAGES
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000
OWN = {"en": "today zorgon is not happy .", "zh": "夕小瑶今天不开心了。"}


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "verdict_part": part} | address
    screen.page.goto(f"{screen.url}/classify?{urlencode(query)}")
    expect(screen.position).not_to_be_empty(timeout=PATIENCE)
    return screen.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_own_sentence_is_judged_and_fits(new_screen: NewScreen, lang: str) -> None:
    screen = open_part(new_screen(), "sentence", lang)
    field = screen.page.get_by_label(screen.texts("gallery.input"), exact=True)
    field.fill(OWN[lang])
    field.press("Control+Enter")
    screen.expect_address(sentence=OWN[lang])
    rows = screen.stage.locator(".stances-row")
    expect(rows).to_have_count(2)
    expect(rows.first.locator(".stances-head")).to_contain_text(screen.texts("classify.negative"))
    expect(rows.first.locator(".stance-unknown").first).to_be_visible()
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SIZE["height"]


def test_the_cursor_goes_through_the_sentence(screen: Screen) -> None:
    open_part(screen, "sentence", sentence=OWN["en"])
    words = screen.stage.locator(".stances-row").first.locator(".stance")
    expect(words).to_have_count(6)
    words.nth(2).click()
    screen.at_step(3, 6)
    expect(screen.stage.locator(".stance.stance-now")).to_have_text(["is", "is"])


def test_a_digit_is_revealed_row_by_row(screen: Screen) -> None:
    open_part(screen, "digit", digit_image=3, t=1)
    numbers = screen.stage.locator(".digit-number")
    first = numbers.all_inner_texts()
    for step in range(2, 9):
        screen.button("step_forward").click()
        screen.at_step(step, 8)
    assert numbers.all_inner_texts() != first
    expect(screen.stage.locator(".digit-truth")).to_have_count(1)
    screen.page.get_by_role("button", name=screen.texts("digit.after")).click()
    screen.expect_address(digit_image="4")
