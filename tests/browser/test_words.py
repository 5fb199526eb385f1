"""How words become numbers, in a browser: steps, typing, a training, and the circle turned."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Locator, expect

from explorer.language import LANGUAGES
from explorer.views.words import STEPS
from tests.browser.conftest import SIZE
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000
# Waits until the circle's space looks like this; its canvas is a new one after new data.
SHOWS = """(stage, image) => new Promise((done) => {
  const look = () =>
    stage.querySelector(".u-circle canvas").toDataURL() === image
      ? done()
      : requestAnimationFrame(look);
  look();
})"""


def open_step(screen: Screen, step: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = {"lang": lang, "step": step, "corpus_words": "100000"} | address
    screen.page.goto(f"{screen.url}/words?{urlencode(query)}")
    expect(pictures(screen).first).to_be_visible(timeout=PATIENCE)
    return screen.settle()


def pictures(screen: Screen) -> Locator:
    return screen.page.locator(".js-plotly-plot .main-svg:first-child, .u-stage, .u-tokens")


def go_to(screen: Screen, step: str) -> None:
    name = screen.texts(f"words.step_{step}")
    screen.page.get_by_role("radio", name=re.compile(rf"\d {re.escape(name)}$")).click()
    screen.expect_address(step=step)
    screen.settle()


def painted(screen: Screen) -> str:
    """The pixels of the circle's space."""
    return screen.stage.locator(".u-circle canvas").first.evaluate("c => c.toDataURL()")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_fits_on_the_screen(screen: Screen, lang: str) -> None:
    open_step(screen, "tokens", lang)
    for step in STEPS:
        go_to(screen, step)
        if step in ("skip-gram", "beside"):  # the training ends first
            column = screen.texts("words.plane", share="").split("：")[0].split(":")[0]
            expect(screen.page.get_by_text(column).last).to_be_visible(timeout=PATIENCE)
            screen.settle()
        for picture in pictures(screen).filter(visible=True).all():
            box = picture.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= SIZE["height"], step
            assert box["x"] + box["width"] <= SIZE["width"], step
        sidebar = screen.page.get_by_test_id("stSidebarContent")
        assert sidebar.evaluate("s => s.scrollHeight - s.clientHeight") <= 0, step


def test_typing_changes_the_bag(screen: Screen) -> None:
    open_step(screen, "bag")
    field = screen.page.get_by_label(screen.texts("words.sentences"), exact=True)
    field.fill("red on blue\nblue on red")
    field.press("Control+Enter")
    said = screen.texts("words.same_bag", one=1, other=2, cosine="1.00")
    expect(screen.page.get_by_text(said)).to_be_visible()
    expect(screen.page.get_by_text(screen.texts("words.bag_size", words=3))).to_be_visible()
    screen.expect_address(sentences="red on blue\nblue on red")


def test_an_example_is_taken(screen: Screen) -> None:
    open_step(screen, "tokens", "zh")
    screen.page.get_by_role("button", name=screen.texts("sidebar.examples")).click()
    screen.page.get_by_role("button", name="南京市长江大桥").click()
    expect(screen.page.locator(".u-tokens .token").get_by_text("长江大桥")).to_be_visible()
    expect(screen.page.locator(".u-tokens .token").get_by_text(re.compile("^桥"))).to_be_visible()


def test_hostile_sentences_are_text(screen: Screen) -> None:
    hostile = "<img src=x onerror=alert(1)> <b>bold</b> king"
    open_step(screen, "tokens", sentences=hostile)
    expect(screen.page.locator(".u-tokens .raw")).to_have_text(hostile)
    expect(screen.page.locator(".u-tokens img, .u-tokens b")).to_have_count(0)
    go_to(screen, "bag")
    expect(pictures(screen).first).to_contain_text("<img src=x")


def test_skip_gram_trains_while_one_watches(screen: Screen) -> None:
    open_step(screen, "skip-gram", word_seed="4", word_size="32")
    rank = re.compile(r"king − man \+ woman: queen is at rank \d+")
    expect(screen.page.get_by_text(rank)).to_be_visible(timeout=PATIENCE)


def test_the_circle_is_turned_by_playing_and_by_dragging(screen: Screen) -> None:
    open_step(screen, "circle", t="1")
    screen.at_step(1, 37)
    before = painted(screen)
    screen.page.keyboard.press("ArrowRight")
    screen.at_step(2, 37)
    assert painted(screen) != before
    screen.expect_address(t="2")
    screen.stage.get_by_role("button", name="55°").click()
    screen.at_step(23, 37)


def test_the_view_of_the_circle_survives_new_noise(screen: Screen) -> None:
    open_step(screen, "circle")
    canvas = screen.stage.locator(".u-circle canvas").first
    before = painted(screen)
    canvas.hover(position={"x": 200, "y": 200})
    screen.page.mouse.down()
    screen.page.mouse.move(500, 420, steps=4)
    screen.page.mouse.up()
    turned = painted(screen)
    assert turned != before
    noise = screen.page.get_by_role("slider", name=screen.texts("words.noise"))
    noise.press("ArrowRight")
    screen.expect_address(noise="0.1")
    screen.settle()
    expect(canvas).to_have_count(1)
    assert painted(screen) not in (before, turned)
    noise.press("ArrowLeft")
    screen.expect_address(noise=None)
    screen.settle()
    screen.stage.evaluate(SHOWS, turned)


def test_a_link_opens_the_same_view(screen: Screen) -> None:
    open_step(screen, "company", company="svd", word_size="8", focus="paris")
    expect(screen.page.get_by_text("A word has 8 numbers")).to_be_visible()
    expect(screen.page.get_by_text(screen.texts("words.nearest", word="paris"))).to_be_visible()
