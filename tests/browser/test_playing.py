"""Playing, scrubbing and stepping: everything moves together, without the server."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser


def test_home_plays_by_itself_until_touched(screen: Screen) -> None:
    screen.open("home")
    expect(screen.button("pause")).to_be_visible()
    for step in (2, 5, 7, 1):  # it begins again after the last letter
        screen.at_step(step, 7)
    screen.scrubber.fill("3")
    expect(screen.button("play")).to_be_visible()
    screen.at_step(4, 7)


def test_a_reader_who_wants_stillness_gets_it(new_screen: NewScreen) -> None:
    screen = new_screen(reduced_motion="reduce").open("home")
    expect(screen.button("play")).to_be_visible()
    screen.at_step(1, 7)


def test_the_play_button_plays_to_the_end_and_pauses(screen: Screen) -> None:
    screen.open("states", text="namaskar")
    screen.button("play").click()
    expect(screen.button("pause")).to_be_visible()
    screen.at_step(3, 8)  # it began anew
    screen.button("pause").click()
    expect(screen.button("play")).to_be_visible()
    screen.button("play").click()
    screen.at_step(8, 8)
    expect(screen.button("play")).to_be_visible()


def test_keys(screen: Screen) -> None:
    press = screen.page.keyboard.press
    screen.open("states", text="namaskar", t=8)
    for key, step in (("ArrowLeft", 7), ("Home", 1), ("ArrowRight", 2), ("End", 8)):
        press(key)
        screen.at_step(step, 8)
    speed = screen.stage.locator(".u-speed")
    for key, value in (("]", 4), ("]", 8), ("[", 4)):
        press(key)
        expect(speed).to_have_text(screen.texts("player.speed_value", speed=value))
    press(" ")
    expect(screen.button("pause")).to_be_visible()
    press(" ")
    expect(screen.button("play")).to_be_visible()
    press("f")
    expect(screen.stage).to_have_class(re.compile("u-full"))
    press("f")
    expect(screen.stage).not_to_have_class(re.compile("u-full"))


def test_keys_typed_into_a_text_do_not_play(screen: Screen) -> None:
    screen.open("states", text="nama", t=4)
    field = screen.page.get_by_label(screen.texts("sidebar.text"), exact=True)
    field.click()
    screen.page.keyboard.type(" [f]")
    screen.page.keyboard.press("ArrowLeft")
    expect(field).to_have_value("nama [f]")
    screen.at_step(4, 4)
    expect(screen.button("play")).to_be_visible()


def test_all_pictures_follow_one_cursor(screen: Screen) -> None:
    screen.open("states", text="namaskar")
    for at, sign in enumerate("namaskar"):
        screen.scrubber.fill(str(at))
        expect(screen.now).to_have_text(sign)
        expect(screen.page.locator(".u-heat-time")).to_contain_text(sign)
        expect(screen.page.locator(".u-token")).to_have_text(sign)
    # From any picture: a letter of the text, then a place in the heatmap.
    screen.page.locator(".u-tok").nth(2).click()
    expect(screen.scrubber).to_have_value("2")
    heatmap = screen.page.locator(".u-heat-body")
    box = heatmap.bounding_box()
    heatmap.click(position={"x": 60, "y": box["height"] / 2})
    expect(screen.now).to_have_text("n")
    expect(screen.scrubber).to_have_value("0")
    mark = screen.page.locator(".u-heat-unit")
    expect(screen.stage.get_by_label(screen.texts("player.unit"), exact=True)).to_have_value(
        mark.inner_text()
    )


def test_a_moving_cursor_asks_nothing_of_the_server(screen: Screen) -> None:
    screen.open("states", text="namaskar" * 35, t=1)
    for _ in range(5):
        screen.page.keyboard.press("]")
    screen.sent.clear()
    screen.page.keyboard.press(" ")
    expect(screen.position).to_have_text(re.compile(r"^t = 1\d\d / 280$"))
    assert screen.sent == []
    # Once it has come to rest the server hears of it, once.
    screen.page.keyboard.press("Home")
    screen.page.keyboard.press("ArrowRight")
    screen.expect_address(t="2")
    assert len(screen.sent) == 1


def test_the_scrubber_follows_the_pointer(screen: Screen) -> None:
    screen.open("unrolled", text="namaskar", t=8)
    box = screen.scrubber.bounding_box()
    middle = box["y"] + box["height"] / 2
    screen.page.mouse.move(box["x"] + box["width"] - 5, middle)
    screen.page.mouse.down()
    screen.sent.clear()
    screen.page.mouse.move(box["x"] + 3, middle, steps=10)
    screen.at_step(1, 8)
    assert screen.sent == []
    screen.page.mouse.up()


def test_playing_backward_runs_to_the_first_step(screen: Screen) -> None:
    screen.open("gradients", text="namaskar", t=8)
    expect(screen.button("mode_backward")).to_have_attribute("aria-pressed", "true")
    screen.at_step(8, 8)
    screen.button("play").click()
    screen.at_step(1, 8)
    screen.expect_address(t="1", mode="backward")  # it has stopped, and come to rest
    screen.button("mode_forward").click()
    screen.button("play").click()
    screen.at_step(8, 8)
    expect(screen.button("play")).to_be_visible()  # it has stopped at the end
    screen.button("mode_backward").click()
    screen.expect_address(t="8", mode="backward")
    # Where nothing but forward makes sense, it does not play backward.
    screen.go_to("cell")
    screen.at_step(8, 8)
    screen.page.keyboard.press("Home")
    screen.at_step(1, 8)
    screen.page.keyboard.press(" ")
    screen.at_step(8, 8)
