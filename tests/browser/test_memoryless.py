"""The demonstration without a memory, and the layers being tied, in a browser."""

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
# The columns of one network at two steps of the picture: equal colours are equal answers.
COLUMN = """(canvas, [net, step, steps]) => {
  const ratio = canvas.width / canvas.clientWidth;
  const left = Math.min(150, canvas.clientWidth * 0.2);
  const pitch = Math.min((canvas.clientWidth - left - 14) / steps, 92);
  const half = (canvas.height - 60 * ratio) / 2;
  const x = Math.round((left + (step + 0.5) * pitch) * ratio);
  const y = Math.round(60 * ratio + net * half + 30 * ratio);
  return [...canvas.getContext("2d").getImageData(x, y, 1, Math.round(half - 80 * ratio)).data];
}"""


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "feed_part": part} | address
    screen.page.goto(f"{screen.url}/memoryless?{urlencode(query)}")
    expect(screen.stage).to_be_visible(timeout=PATIENCE)
    return screen.settle()


def column(screen: Screen, net: int, step: int, steps: int) -> list[int]:
    canvas = screen.stage.locator(".same-body canvas")
    return canvas.evaluate(COLUMN, [net, step - 1, steps])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demonstration_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in ("memory", "path"):
        box = open_part(screen, part, lang).stage.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part


def test_equal_letters_look_equal_only_without_a_memory(screen: Screen) -> None:
    open_part(screen, "memory", feed_text="namaskar", t=3)
    assert column(screen, 0, 2, 7) == column(screen, 0, 4, 7)  # both read a
    assert column(screen, 1, 2, 7) != column(screen, 1, 4, 7)
    assert column(screen, 0, 1, 7) != column(screen, 0, 5, 7)  # n and s


def test_the_readers_text_is_learned_and_its_numbers_lead(screen: Screen) -> None:
    open_part(screen, "memory")
    field = screen.page.get_by_label(screen.texts("memoryless.text"), exact=True)
    field.fill("abacab")
    field.press("Enter")
    screen.expect_address(feed_text="abacab")
    expect(screen.stage.locator(".u-sentence")).to_contain_text("“a”")
    screen.at_step(5, 5)
    screen.stage.get_by_role("button", name="3", exact=True).click()
    screen.at_step(3, 5)


def test_the_layers_are_tied(screen: Screen) -> None:
    open_part(screen, "path", path_stage=3, path_tie="0.9", feed_text="namaskar")
    sentence = screen.stage.locator(".u-sentence")
    expect(sentence).to_contain_text("90%")
    expect(screen.stage.locator(".tied-matrix tspan")).to_have_count(13)  # W1..7 and U2..7
    screen.page.get_by_role("slider", name=screen.texts("memoryless.tie")).press("ArrowRight")
    expect(sentence).to_contain_text("840")
    expect(screen.stage.locator(".tied-matrix tspan")).to_have_count(0)
    screen.expect_address(path_tie=None)
