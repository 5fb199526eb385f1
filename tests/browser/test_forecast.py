"""The start of a forecast is moved, and an own CSV column is learned, in a browser."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000


def open_forecast(screen: Screen, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = "&".join(f"{name}={value}" for name, value in {"lang": lang, **address}.items())
    screen.page.goto(f"{screen.url}/forecast?{query}")
    title = screen.page.get_by_role("heading", level=1)
    expect(title).to_have_text(screen.texts("nav.forecast"), timeout=PATIENCE)
    return screen.settle()


def test_the_start_is_moved_year_by_year(screen: Screen) -> None:
    open_forecast(screen)
    slider = screen.page.get_by_role("slider", name=screen.texts("forecast.start"))
    expect(slider).to_have_attribute("aria-valuetext", "1959")
    expect(screen.page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
    slider.press("ArrowRight")
    screen.expect_address(fc_start="1960")
    slider.press("ArrowLeft")
    screen.expect_address(fc_start=None)


def test_an_own_column_is_learned_in_some_seconds(screen: Screen) -> None:
    open_forecast(screen, "zh", fc_source="own")
    rows = [f"第{at}天,{(at % 7) * 2.5 + 10}" for at in range(60)]
    data = "\n".join(["日期,销量", *rows]).encode()
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": data}
    screen.page.locator("input[type=file]").set_input_files(file)
    screen.page.get_by_role("button", name=screen.texts("forecast.train")).click()
    table = screen.page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=PATIENCE)
    expect(screen.page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
