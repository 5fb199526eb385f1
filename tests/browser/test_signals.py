"""A message is keyed, heard and written down; a video is played, in a browser."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.conftest import SIZE
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

LENGTH = """sound => new Promise((found) => {
  const tell = () => found(sound.duration);
  if (sound.readyState) tell();
  else sound.addEventListener("loadedmetadata", tell);
})"""


def test_a_typed_message_is_written_down_while_it_plays(screen: Screen) -> None:
    screen.open("signals", sig_noise=20, sig_speed=20)
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SIZE["height"]
    field = screen.page.get_by_label(screen.texts("signals.message"), exact=True)
    field.fill("RNN 42")
    field.press("Enter")
    screen.expect_address(sig_message="RNN 42")
    expect(screen.page.locator("code", has_text="RNN 42")).to_have_count(2)
    sound = screen.page.locator("audio")
    expect(sound).to_have_count(1)
    assert sound.evaluate(LENGTH) > 2
    canvas = screen.stage.locator(".u-signal canvas")
    before = canvas.evaluate("c => c.toDataURL()")
    screen.scrubber.first.fill("120")
    expect(screen.stage.locator(".u-top-classes .guesses-title")).to_contain_text("121")
    assert canvas.evaluate("c => c.toDataURL()") != before


def test_an_own_video_is_tagged_frame_by_frame(screen: Screen) -> None:
    screen.open("signals", lang="zh", sig_part="video")
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SIZE["height"]
    field = screen.page.get_by_label(screen.texts("gallery.input"), exact=True)
    field.fill("rrrrrvvuuuu")
    field.press("Control+Enter")
    screen.expect_address(sig_video="rrrrrvvuuuu")
    screen.scrubber.first.fill("6")
    screen.at_step(7, 11)
    expect(screen.stage.locator(".u-top-classes")).to_contain_text(
        screen.texts("signals.tag_empty")
    )
