"""The spectral radius dragged, a disturbance put in, and a training watched, in a browser."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Locator, expect

from explorer.language import LANGUAGES
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000
STAGES = ("radius", "activation", "ripple", "training")


def open_part(screen: Screen, part: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = {"lang": lang, "v_part": part} | address
    screen.page.goto(f"{screen.url}/vanishing?{urlencode(query)}")
    expect(screen.position).not_to_be_empty(timeout=PATIENCE)
    return screen.settle()


def verdict(screen: Screen) -> Locator:
    return screen.stage.locator(".verdict-line")


def radius(screen: Screen) -> float:
    return float(screen.stage.locator(".u-token").inner_text())


def pixels(screen: Screen, picture: str) -> str:
    return screen.stage.locator(f".u-{picture} canvas").first.evaluate("c => c.toDataURL()")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in STAGES:
        box = open_part(screen, part, lang).stage.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part
        assert box["x"] + box["width"] <= SIZE["width"], part
        sidebar = screen.page.get_by_test_id("stSidebarContent")
        assert sidebar.evaluate("s => s.scrollHeight - s.clientHeight") <= 0, part


def test_the_circle_is_dragged_across_the_unit_circle(screen: Screen) -> None:
    open_part(screen, "radius")
    assert radius(screen) == 0.9
    expect(verdict(screen)).to_contain_text("0 of 24 eigenvalues")
    before = {picture: pixels(screen, picture) for picture in ("plane", "decay", "powers")}
    box = screen.stage.locator(".u-plane canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    room = min(box["width"], box["height"]) / 2
    screen.page.mouse.move(x + 0.1 * room, y + 0.45 * room)
    screen.page.mouse.down()
    screen.sent.clear()
    screen.page.mouse.move(x + 0.1 * room, y + 0.75 * room, steps=8)
    assert radius(screen) > 1.2
    expect(verdict(screen)).not_to_contain_text("0 of 24 eigenvalues")
    for picture, image in before.items():
        assert pixels(screen, picture) != image
    assert screen.sent == []  # all of it happened in the browser
    screen.page.mouse.up()
    screen.expect_address(t=str(int(screen.scrubber.input_value()) + 1))


def test_the_slider_and_the_numbers_in_the_caption_move_the_radius(screen: Screen) -> None:
    open_part(screen, "radius", v_activation="identity")
    screen.scrubber.fill("8")
    expect(screen.stage.locator(".u-token")).to_have_text("0.50")  # drawn with the next frame
    expect(verdict(screen)).to_contain_text(
        re.compile(r"predict a factor of 0\.50; measured is 0\.[45]")
    )
    screen.stage.get_by_role("button", name="1.41").click()
    expect(screen.stage.locator(".u-token")).to_have_text("1.40")
    screen.expect_address(t="27")


def test_the_radius_stays_when_the_matrix_and_the_part_change(screen: Screen) -> None:
    open_part(screen, "radius", t="13")
    kept = radius(screen)
    assert kept == 0.7
    screen.page.get_by_role("combobox", name=screen.texts("vanishing.kind")).click()
    name = screen.texts("vanishing.kind_non-normal")
    screen.page.get_by_role("option", name=name, exact=True).click()
    screen.expect_address(v_kind="non-normal")
    screen.settle()
    assert radius(screen) == kept
    screen.scrubber.fill("20")
    screen.expect_address(t="21")
    screen.page.get_by_role("radio", name=screen.texts("vanishing.part_activation")).click()
    screen.expect_address(v_part="activation")
    expect(screen.stage.locator(".u-squash canvas")).to_be_visible()
    screen.settle()
    assert radius(screen) == 1.1


def test_a_disturbance_is_put_in_where_the_map_is_pressed(screen: Screen) -> None:
    open_part(screen, "ripple")
    expect(verdict(screen)).to_contain_text("Put in at step 1,")
    canvas = screen.stage.locator(".u-ripple canvas")
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": 120, "y": 0.5 * box["height"]})
    expect(verdict(screen)).not_to_contain_text("Put in at step 1,")
    step = int(screen.scrubber.input_value()) + 1
    assert 20 <= step <= 40
    expect(verdict(screen)).to_contain_text(f"Put in at step {step},")


def test_a_training_is_watched_and_played_back(screen: Screen) -> None:
    open_part(screen, "training", lang="zh")
    expect(verdict(screen)).to_contain_text("1,500", timeout=PATIENCE)
    screen.page.keyboard.press("Home")
    expect(screen.stage.locator(".u-token")).to_have_text("0")
    first = pixels(screen, "plane")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowRight")
    expect(screen.stage.locator(".u-token")).not_to_have_text("0")
    for _ in range(100):  # the plane is painted with the next frame
        if pixels(screen, "plane") != first:
            return
        screen.page.wait_for_timeout(100)
    pytest.fail("the plane still shows the eigenvalues of the first step")
