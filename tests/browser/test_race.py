"""The memory race and the variants in a browser: sliders, links, and a training that is watched."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Locator, expect

from explorer.language import LANGUAGES
from explorer.views.variants import PARTS
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000


def open_lab(screen: Screen, page: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    screen.page.goto(f"{screen.url}/{page}?{urlencode({'lang': lang} | address)}")
    expect(screen.page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    return screen.settle()


def charts(screen: Screen) -> list[Locator]:
    return screen.page.locator(".js-plotly-plot").all()


def fits(screen: Screen, what: str) -> None:
    for chart in charts(screen):
        box = chart.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], what
        assert box["x"] + box["width"] <= SIZE["width"], what


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pictures_fit_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for task in ("recall", "copying"):
        fits(open_lab(screen, "race", lang, race_task=task), task)
    for part in PARTS:
        fits(open_lab(screen, "variants", lang, variants_part=part), part)


def test_the_delay_slider_moves_everything(screen: Screen) -> None:
    open_lab(screen, "race", race_delay="10")
    example = screen.page.locator(".u-race-example")
    expect(example).to_contain_text("?")
    short = example.inner_text()
    said = screen.page.get_by_text(re.compile(r"^Delay \d+[,:] "))
    expect(said).to_have_text(re.compile("^Delay 10[,:] "))
    slider = screen.page.get_by_role("slider", name=screen.texts("memory.delay"))
    slider.press("ArrowRight")
    expect(said).to_have_text(re.compile("^Delay 20[,:] "))
    screen.expect_address(race_delay=None)  # where the page begins
    slider.press("End")
    expect(said).to_have_text(re.compile("^Delay 100[,:] "))
    screen.expect_address(race_delay="100")
    assert example.inner_text() != short
    expect(example).to_contain_text(re.compile(r"… \d+ …"))
    title = screen.texts("memory.at_delay", delay=100)
    expect(screen.page.get_by_text(title, exact=True)).to_be_visible()
    fits(screen, "after the slider")


def test_a_link_opens_the_same_view(screen: Screen) -> None:
    open_lab(screen, "race", "zh", race_task="adding", race_delay="50")
    title = screen.texts("memory.at_delay", delay=50)
    expect(screen.page.get_by_text(title, exact=True)).to_be_visible()
    radio = screen.page.get_by_role("radio", name=screen.texts("memory.task_adding"), exact=True)
    expect(radio).to_be_checked()


def test_adding_can_be_watched_and_stopped(screen: Screen) -> None:
    screen.page.goto(f"{screen.url}/race?{urlencode({'lang': 'en', 'race_part': 'adding'})}")
    start = screen.page.get_by_role("button", name=screen.texts("memory.adding_start"))
    start.click(timeout=PATIENCE)
    expect(screen.page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    axis = screen.page.locator(".js-plotly-plot .ytitle")
    expect(axis).to_have_text(screen.texts("memory.error"))
    screen.page.get_by_role("button", name=screen.texts("memory.stop")).click()
    expect(start).to_be_visible(timeout=PATIENCE)


def test_the_question_is_answered_again_when_the_weights_grow(screen: Screen) -> None:
    open_lab(screen, "variants", variants_part="relu")
    said = screen.page.get_by_text(re.compile("^The ReLU “forget gate” reaches "))
    before = said.inner_text()
    slider = screen.page.get_by_role("slider", name=screen.texts("variants.scale"))
    slider.press("ArrowRight")
    screen.expect_address(variants_scale="1.5")
    expect(said).not_to_have_text(before)


@pytest.mark.parametrize("model", ["namaskar-lstm-peephole", "namaskar-mgu"])
def test_a_variant_opens_on_the_recording_pages(screen: Screen, model: str) -> None:
    for page in ("cell", "unrolled", "states", "gradients"):
        screen.open(page, model=model)
        screen.at_step(1 if page == "gradients" else 7, 7)


def test_a_variant_is_opened_from_its_page(screen: Screen) -> None:
    open_lab(screen, "variants", model="namaskar-gru")
    screen.page.get_by_role("button", name=screen.texts("variants.open")).click()
    chooser = screen.page.get_by_role("combobox", name=screen.texts("variants.col_who"))
    chooser.click()
    screen.page.get_by_role("option", name=screen.texts("variant.mgu"), exact=True).click()
    screen.page.get_by_role("button", name=screen.texts("nav.states"), exact=True).click()
    screen.expect_address(model="namaskar-mgu")
    screen.at_step(7, 7)
