"""A small run started, watched and cancelled, and its checkpoints opened, in a browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Locator, expect

from explorer.language import LANGUAGES, texts_of
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen
from tests.browser.server import Server, running_app
from tests.explorer.workshop.conftest import small, train_here

pytestmark = pytest.mark.browser

PATIENCE = 60_000
TITLE = "Small <i>run</i>"
UPDATES = re.compile(r"After ([\d,]+) of ([\d,]+) updates")


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of its own, with a folder of runs in which two are finished."""
    from core.training.runs.folder import RunStore

    folder = tmp_path_factory.mktemp("runs")
    store = RunStore(folder)
    for title, cell in ((TITLE, "lstm"), ("Other", "gru")):
        train_here(store.create(small(cell, title=title)).folder)
    before = os.environ.get("UNROLLED_RUNS")
    os.environ["UNROLLED_RUNS"] = str(folder)
    try:
        with running_app(tmp_path_factory.mktemp("app") / "log.txt") as running:
            yield running
    finally:
        if before is None:
            os.environ.pop("UNROLLED_RUNS")
        else:
            os.environ["UNROLLED_RUNS"] = before


def open_part(screen: Screen, part: str, lang: str = "en", **address: str) -> Screen:
    screen.language = lang
    query = {"lang": lang, "ws_part": part} | address
    screen.page.goto(f"{screen.url}/workshop?{urlencode(query)}")
    heading = screen.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(screen.texts("nav.workshop"), timeout=PATIENCE)
    return screen.settle()


def button(screen: Screen, key: str) -> Locator:
    return screen.page.get_by_role("button", name=screen.texts(f"workshop.{key}"), exact=True)


def badge(screen: Screen, state: str) -> Locator:
    return screen.page.locator(".stMarkdownBadge").get_by_text(
        screen.texts(f"workshop.state_{state}"), exact=True
    )


def done(screen: Screen) -> int:
    """How many updates the caption of the curves speaks of."""
    found = UPDATES.search(screen.stage.locator(".u-sentence").inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))


def test_a_run_is_started_watched_and_cancelled(screen: Screen) -> None:
    open_part(screen, "new", w_task="copying", w_steps="200000", w_units="8", w_delay="4")
    expect(screen.page.get_by_text(re.compile("parameters"))).to_be_visible(timeout=PATIENCE)
    button(screen, "start").click()
    screen.expect_address(ws_part="runs")
    expect(badge(screen, "running")).to_be_visible(timeout=PATIENCE)
    screen.page.get_by_role("radio", name=screen.texts("workshop.part_curves")).click()
    expect(screen.stage).to_be_visible(timeout=PATIENCE)
    first = done(screen)
    screen.page.wait_for_function(
        "first => Number([...document.querySelectorAll('*')]"
        ".map(node => node.shadowRoot?.querySelector('.u-sentence')).find(Boolean)"
        ".textContent.match(/After ([0-9,]+) of/)[1].replaceAll(',', '')) > first",
        arg=first,
        timeout=PATIENCE,
    )
    screen.page.get_by_role("radio", name=screen.texts("workshop.part_runs")).click()
    button(screen, "stop").click()
    expect(badge(screen, "stopped")).to_be_visible()
    expect(button(screen, "resume")).to_be_visible()
    expect(button(screen, "stop")).to_have_count(0)


def test_a_checkpoint_is_opened_and_the_training_moved(screen: Screen) -> None:
    open_part(screen, "inside")
    screen.page.get_by_role("combobox", name=screen.texts("workshop.run")).click()
    screen.page.get_by_role("option", name=TITLE, exact=True).click()
    slider = screen.page.get_by_role("slider")
    slider.press("Home")
    screen.expect_address(ws_updates="0")
    screen.settle()
    links = screen.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink")
    links.filter(has_text=screen.texts("nav.states")).click()
    where = screen.stage.locator(".u-training-where")
    expect(where).to_contain_text("0 updates · 1 / ", timeout=PATIENCE)
    expect(screen.stage.locator(".u-sentence:visible")).to_contain_text("Before the training")
    screen.settle()
    before = screen.stage.locator(".u-heat-value").inner_text()
    screen.stage.locator(".u-training").focus()
    screen.page.keyboard.press("End")
    expect(where).to_contain_text("12 updates · ")
    expect(screen.stage.locator(".u-heat-value")).not_to_have_text(before)
    screen.expect_address(updates="12")
    screen.go_to("unrolled")
    expect(where).to_contain_text("12 updates · ")
    screen.page.keyboard.press("<")
    expect(where).not_to_contain_text("12 updates · ")


def test_two_runs_read_the_same_text_on_one_cursor(screen: Screen) -> None:
    open_part(screen, "compare")
    beside = screen.stage.filter(has=screen.page.locator(".u-heatmap"))
    expect(beside.locator(".u-heatmap.u-host")).to_have_count(2, timeout=PATIENCE)
    values = beside.locator(".u-heat-time")
    expect(values).to_have_count(2)
    beside.locator(".u-scrubber").fill("0")
    first, second = values.all_inner_texts()
    assert first == second
    beside.locator(".u-training").fill("0")
    expect(beside.locator(".u-training-where")).to_contain_text("0 updates · 1 / ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_curves_and_their_play_bar_fit_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    open_part(screen, "curves", lang)
    expect(screen.stage).to_be_visible(timeout=PATIENCE)
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SIZE["height"]
    assert box["x"] + box["width"] <= SIZE["width"]


def test_a_damaged_run_says_so_and_is_deleted(screen: Screen, tmp_path: Path) -> None:
    from core.training.runs.folder import RunStore

    made = RunStore(os.environ["UNROLLED_RUNS"]).create(small(title="Broken"))
    (made.folder / "settings.json").write_bytes(b"\xff")
    open_part(screen, "runs", lang="zh")
    expect(badge(screen, "damaged")).to_be_visible()
    # the newest run stands first; it has neither curve nor checkpoints, only the bin
    screen.page.get_by_test_id("stMain").get_by_test_id("stPopoverButton").first.click()
    zh = texts_of("zh")
    screen.page.get_by_role("button", name=zh("workshop.delete"), exact=True).click()
    expect(badge(screen, "damaged")).to_have_count(0)
    assert not made.folder.exists()
