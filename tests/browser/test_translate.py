"""Own input translated, helped and unhelped, in a browser."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.conftest import SIZE
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser


def test_an_own_date_is_read_and_written_step_by_step(screen: Screen) -> None:
    screen.open("translate", translate_dates="dates-gru-attention")
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SIZE["height"]
    field = screen.page.get_by_label(screen.texts("gallery.input"), exact=True)
    field.fill("the 4th of July 2021")
    field.press("Control+Enter")
    screen.expect_address(say_dates="the 4th of July 2021")
    expect(screen.stage).to_contain_text("2021-07-04")
    screen.at_step(31, 31)  # twenty letters, ten signs and the end
    canvas = screen.stage.locator(".u-translator canvas")
    late = canvas.evaluate("c => c.toDataURL()")
    screen.scrubber.first.fill("0")
    screen.at_step(1, 31)
    assert canvas.evaluate("c => c.toDataURL()") != late


def test_the_decoder_is_helped_less_and_the_address_says_so(screen: Screen) -> None:
    screen.open("translate", lang="zh", translate_dates="dates-gru")
    slider = screen.page.get_by_role("slider", name=screen.texts("translate.ratio"))
    again = screen.page.get_by_role("button", name=screen.texts("translate.again"))
    expect(again).to_be_disabled()
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    screen.expect_address(teacher="0.50")
    expect(again).to_be_enabled()
    again.click()
    screen.expect_address(drawing="2")
