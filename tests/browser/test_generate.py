"""Writing in a browser: one's own beginning, another temperature, what if, and the tree."""

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
LENGTH = 40


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "g_part": part, "g_length": LENGTH} | address
    screen.page.goto(f"{screen.url}/generate?{urlencode(query)}")
    expect(screen.position).not_to_be_empty(timeout=PATIENCE)
    return screen.settle()


def text_of(screen: Screen) -> str:
    return "".join(screen.stage.locator(".writing-box .writing-tok").all_inner_texts())


def to_step(screen: Screen, step: int) -> None:
    screen.stage.locator(".u-transport .u-scrubber").fill(str(step - 1))


def test_a_beginning_of_ones_own_is_gone_on_from(screen: Screen) -> None:
    open_part(screen, "write", g_model="grammar-gru", t=3)
    prompt = screen.page.get_by_label(screen.texts("generate.prompt"), exact=True)
    prompt.fill("Zoe sings (3:")
    prompt.press("Control+Enter")
    given = screen.stage.locator(".writing-box .writing-given")
    expect(given).to_have_count(len("Zoe sings (3:"))
    screen.settle()
    warm = text_of(screen)
    assert warm.startswith("Zoe sings (3:")
    expect(screen.stage.locator(".writing-box .writing-drawn")).to_have_count(LENGTH)
    screen.page.get_by_role("slider", name=screen.texts("generate.temperature")).press("End")
    screen.expect_address(g_temperature="5")
    screen.settle()
    expect(screen.stage.locator(".writing-box")).not_to_have_text(warm)
    assert text_of(screen).startswith("Zoe sings (3:")


def test_another_candidate_can_be_chosen(screen: Screen) -> None:
    open_part(screen, "write", g_model="grammar-gru", g_prompt="The cats", g_top_p="1")
    before = text_of(screen)
    to_step(screen, 10)
    screen.at_step(10, 8 + LENGTH)
    other = screen.stage.locator(".candidates-row:not(:disabled):not(.candidates-rest)").first
    token = other.locator("b").inner_text().replace("␣", " ")
    other.click()
    screen.expect_address(g_kept=before[8:10] + token)
    expect(screen.stage.locator(".writing-box .writing-kept")).to_have_count(3)
    screen.at_step(10, 8 + LENGTH)
    assert text_of(screen)[:11] == before[:10] + token
    screen.page.get_by_role("button", name=screen.texts("generate.free")).click()
    expect(screen.stage.locator(".writing-box .writing-kept")).to_have_count(0)
    screen.settle()
    assert text_of(screen) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_stages_fit_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in ("write", "beam"):
        box = open_part(screen, part, lang).stage.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part
        assert box["x"] + box["width"] <= SIZE["width"], part


def test_the_tree_shows_what_was_found_and_what_was_given_up(screen: Screen) -> None:
    open_part(screen, "beam", g_model="grammar-gru", g_width=3, g_depth=5)
    found = screen.stage.locator(".beam-found button")
    expect(found).to_have_count(3)
    expect(found.first).to_have_attribute("aria-pressed", "true")
    detail = screen.stage.locator(".beam-detail")
    expect(detail).to_contain_text("best text")
    found.last.click()
    expect(detail).to_contain_text("One of the texts found")
    expect(screen.stage.locator("path.beam-chosen")).to_have_count(5)
    assert screen.stage.locator("text.beam-pruned").count() >= 5
    to_step(screen, 1)  # before the first token nothing of the tree has grown
    expect(screen.stage.locator("text.beam-label:not(.beam-later)")).to_have_count(1)
