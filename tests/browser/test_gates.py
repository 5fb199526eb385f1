"""The ledger, the paths and a held gate, in a browser."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from core.gradients import memory_ledger
from explorer.language import LANGUAGES
from explorer.models import read
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000
TEXT = "namaskarnama"


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "gates_part": part} | address
    screen.page.goto(f"{screen.url}/gates?{urlencode(query)}")
    expect(screen.position).not_to_be_empty(timeout=PATIENCE)
    return screen.settle()


def numbers(screen: Screen) -> list[float]:
    """The numbers in the head of the ledger."""
    told = screen.stage.locator(".ledger-key b").all_inner_texts()
    return [float(number.replace("−", "-")) for number in told]


def pixels(screen: Screen, half: int) -> str:
    canvas = screen.stage.locator(".twins-body canvas").nth(half)
    return canvas.evaluate("c => c.toDataURL()")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in ("ledger", "paths", "hold"):
        box = open_part(screen, part, lang).stage.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part
        assert box["x"] + box["width"] <= SIZE["width"], part


def test_the_ledger_of_a_unit_is_that_of_core(screen: Screen) -> None:
    address = {"model": "namaskar-lstm", "text": TEXT, "gates_view": "unit", "unit": 4, "t": 5}
    open_part(screen, "ledger", **address)
    ledger = memory_ledger(read("namaskar-lstm", TEXT, "last"))["left"].isel(unit=4, batch=0)
    for step in (5, 12, 1):
        screen.scrubber.fill(str(step - 1))
        screen.at_step(step, len(TEXT))
        left = ledger.values[0, 0, step - 1]
        largest = sorted((value for value in left if abs(value) > 1e-9), key=abs, reverse=True)
        expected = largest[:5] + ([sum(largest[5:])] if len(largest) > 5 else [])
        # small numbers are told with two digits
        assert numbers(screen) == pytest.approx(expected, abs=6e-4, rel=0.06)
        title = screen.stage.locator(".ledger-title")
        told = f"{left.sum():.3f}".replace("-", "−")
        expect(title).to_have_text(screen.texts("player.ledger_sum", value=told))


def test_text_ledger_and_lines_share_the_cursor(screen: Screen) -> None:
    open_part(screen, "ledger", model="namaskar-lstm", text=TEXT)
    now = screen.stage.locator(".ledger-tok.ledger-now")
    expect(now).to_have_text("a")
    screen.stage.locator(".ledger-tok").nth(2).click()
    screen.at_step(3, len(TEXT))
    expect(screen.stage.locator(".ledger-tok.ledger-later")).to_have_count(len(TEXT) - 3)
    box = screen.stage.locator(".ledger-body").bounding_box()
    screen.page.mouse.click(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2)
    screen.at_step(len(TEXT), len(TEXT))
    expect(screen.stage.locator(".ledger-tok.ledger-later")).to_have_count(0)
    box = screen.stage.locator(".u-lines-body").bounding_box()
    screen.page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
    screen.at_step(1, len(TEXT))
    expect(now).to_have_text("n")


def test_a_gate_is_held(screen: Screen) -> None:
    open_part(screen, "hold", model="namaskar-lstm", text=TEXT, gates_value="0.50", t=6)
    sentence = screen.stage.locator(".u-sentence")
    gate = screen.texts("player.signal_forget_gate").lower()
    expect(sentence).to_contain_text(f"The {gate} held at 0.5")
    screen.stage.get_by_role("combobox").select_option("forget_gate")
    value = screen.stage.locator(".twins-value")
    expect(value.nth(1)).to_have_text("0.500")
    before, after = pixels(screen, 0), pixels(screen, 1)
    screen.page.get_by_role("slider", name=screen.texts("gates.value")).press("ArrowRight")
    expect(sentence).to_contain_text("held at 0.55")
    expect(value.nth(1)).to_have_text("0.550")
    screen.expect_address(gates_value="0.55")
    assert pixels(screen, 0) == before  # what was is not touched
    assert pixels(screen, 1) != after
    screen.at_step(6, len(TEXT))  # nor is the cursor


def test_holding_it_open_makes_the_gradient_survive(screen: Screen) -> None:
    open_part(screen, "hold", model="grammar-lstm", t=1)
    before, after = screen.stage.locator(".curves-keys").first.locator(".curves-number").all()
    expect(before).not_to_be_empty()
    assert float(after.inner_text()) > 100 * float(before.inner_text())
    assert float(after.inner_text()) > 1


def test_a_unit_is_silenced(screen: Screen) -> None:
    address = {"gates_act": "silence", "gates_unit_silence": 5, "unit": 5}
    open_part(screen, "hold", model="namaskar-gru", text=TEXT, **address)
    value = screen.stage.locator(".twins-value")
    for step in (1, 7, 12):
        screen.scrubber.fill(str(step - 1))
        screen.at_step(step, len(TEXT))
        expect(value.nth(1)).to_have_text("0.000")
        expect(value.nth(0)).not_to_have_text(re.compile(r"^−?0\.000$"))


def test_the_other_parts_are_a_click_away(screen: Screen) -> None:
    open_part(screen, "paths", model="namaskar-lstm", text=TEXT, t=3)
    screen.at_step(3, len(TEXT))
    screen.page.get_by_role("radio", name=screen.texts("gates.part_lasting")).click()
    charts = screen.page.locator(".js-plotly-plot")
    expect(charts).to_have_count(2)
    screen.expect_address(gates_part="lasting")
    screen.page.get_by_role("radio", name=screen.texts("gates.part_reset")).click()
    expect(screen.page.get_by_test_id("stDataFrame")).to_be_visible()
    screen.settle()
