"""Trainings with and without clipping, watched in a browser."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from core.training.clipping import ExplodingTask, start_gradient
from explorer.language import LANGUAGES
from explorer.views.clipping import PARTS
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000


def open_part(screen: Screen, part: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = {"lang": lang, "clip_part": part} | address
    screen.page.goto(f"{screen.url}/clipping?{urlencode(query)}")
    expect(screen.page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
    return screen.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in PARTS:
        open_part(screen, part, lang)
        running = screen.texts("clipping.running", updates=ExplodingTask().updates)
        expect(screen.page.get_by_text(running)).to_have_count(0, timeout=PATIENCE)
        screen.settle()
        for chart in screen.page.locator(".js-plotly-plot").all():
            box = chart.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= SIZE["height"], part
            assert box["x"] + box["width"] <= SIZE["width"], part


def test_without_clipping_it_fails_and_with_it_it_learns(screen: Screen) -> None:
    open_part(screen, "train")
    words = screen.page.get_by_test_id("stMarkdownContainer").filter(
        has_text="failed at update"  # what the label "clipping.fails" ends with
    )
    expect(words).to_be_visible(timeout=PATIENCE)
    three = re.compile(r"(at the end [\d.]+\..*){3}", re.S)
    expect(words).to_have_text(three, timeout=PATIENCE)  # by norm, by value, at a tenth of the rate
    ends = [float(one) for one in re.findall(r"at the end ([\d.]+)\.", words.inner_text())]
    assert len(ends) == 3
    assert max(ends) < ExplodingTask().baseline / 4
    expect(screen.page.locator(".js-plotly-plot")).to_contain_text("failed at")


def test_another_radius_is_drawn_at_once(screen: Screen) -> None:
    open_part(screen, "vanish")
    slider = screen.page.get_by_test_id("stMain").get_by_role("slider")
    for radius in ("0.7", "0.8"):
        slider.press("ArrowRight")
        sizes = start_gradient(ExplodingTask(radius=float(radius))).by_step.norm(dim=(1, 2))
        ratio = f"{float(sizes[1] / sizes[-1]):.2e}".replace("e-0", "e-")
        words = screen.page.get_by_text(f"{ratio} times before, {ratio} times after")
        expect(words).to_be_visible(timeout=PATIENCE)
    screen.expect_address(clip_small="0.8")
