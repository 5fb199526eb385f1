"""The view: it is in the address, a link opens it again, in any language and theme."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from explorer.language import texts_of
from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser


def test_the_cursor_is_in_the_address_once_it_rests(screen: Screen) -> None:
    screen.open("states", text="mask", t=4)
    screen.page.keyboard.press("ArrowLeft")
    screen.expect_address(t="3", unit="0", text="mask", model="namaskar-lstm", lang="en")
    screen.page.locator(".u-number").fill("7")
    screen.expect_address(t="3", unit="7")


def test_a_link_opens_the_same_view_for_somebody_else(new_screen: NewScreen) -> None:
    first = new_screen().open("states", model="grammar-deep-lstm", text="The owl (2: la la).")
    first.scrubber.fill("6")
    first.page.locator(".u-number").fill("9")
    first.chooser("layer").select_option("0")
    first.chooser("signal").select_option("forget_gate")
    first.expect_address(t="7", unit="9", layer="1", signal="forget_gate")
    link = first.page.url.replace("lang=en", "lang=zh")

    second = new_screen()
    second.language = "zh"
    second.page.goto(link)
    second.at_step(7, 19)
    second.settle()
    zh = texts_of("zh")
    expect(second.page.get_by_label(zh("sidebar.text"), exact=True)).to_have_value(
        "The owl (2: la la)."
    )
    label = zh("player.signal_of_unit", signal=zh("player.signal_forget_gate"), unit=9)
    expect(second.page.locator(".u-text-legend")).to_contain_text(label)
    expect(second.chooser("layer")).to_have_value("0")
    expect(second.page.locator(".u-heat-unit")).to_have_text("9")
    expect(second.now).to_have_text(second.page.locator(".u-tok").nth(6).inner_text())
    second.expect_address(t="7", unit="9", layer="1", signal="forget_gate", lang="zh")


def test_a_link_keeps_the_way_of_playing_and_the_loss(screen: Screen) -> None:
    screen.open("gradients", text="namask", t=3, mode="forward", loss="every")
    screen.at_step(3, 6)
    expect(screen.button("mode_forward")).to_have_attribute("aria-pressed", "true")
    expect(
        screen.page.get_by_role("radio", name=screen.texts("sidebar.loss_every"))
    ).to_be_checked()


def test_another_text_leaves_no_trace_of_the_old_cursor(screen: Screen) -> None:
    screen.open("states", text="namaskar", t=8)
    screen.page.keyboard.press("ArrowLeft")
    screen.expect_address(t="7")
    screen.type_text("nam")
    expect(screen.page.locator(".u-tok")).to_have_count(3)
    screen.expect_address(text="nam", t=None, unit=None)


def test_the_view_goes_along_to_other_pages_and_back(screen: Screen) -> None:
    screen.open("states", model="namaskar-gru", text="namaska")
    screen.scrubber.fill("2")
    screen.page.locator(".u-number").fill("4")
    screen.expect_address(t="3", unit="4")
    for page in ("cell", "unrolled", "home", "states"):
        screen.go_to(page)
        if page == "home":
            continue
        screen.at_step(3, 7)
        screen.expect_address(t="3", unit="4", model="namaskar-gru", text="namaska")
    expect(screen.page.locator(".u-heat-unit")).to_have_text("4")


def test_the_back_button_takes_one_step(screen: Screen) -> None:
    screen.open("states", text="mask", t=4)
    before = screen.page.evaluate("history.length")
    screen.page.keyboard.press("ArrowLeft")
    screen.expect_address(t="3", mode="forward")
    assert screen.page.evaluate("history.length") - before <= 1


def test_the_language_can_be_switched(screen: Screen) -> None:
    screen.open("cell", text="namaska", t=2)
    heading = screen.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(texts_of("en")("nav.cell"))
    screen.page.get_by_role("radio", name="中文").click()
    expect(heading).to_have_text(texts_of("zh")("nav.cell"))
    screen.language = "zh"
    screen.expect_address(lang="zh", text="namaska")
    expect(screen.button("play")).to_be_visible()
    screen.at_step(2, 7)


@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False)])
def test_the_stage_takes_the_theme_of_the_page(
    new_screen: NewScreen, scheme: str, dark: bool
) -> None:
    screen = new_screen(color_scheme=scheme).open("states")
    style = screen.stage.evaluate(
        "node => [getComputedStyle(node).colorScheme, getComputedStyle(node).color]"
    )
    assert style[0] == scheme
    red, green, blue = (int(part) for part in style[1].strip("rgb()").split(","))
    assert (red + green + blue > 384) is dark
    # The page may change its theme while it is open.
    other = "light" if dark else "dark"
    screen.page.emulate_media(color_scheme=other)
    expect(screen.stage).to_have_css("color-scheme", other)
