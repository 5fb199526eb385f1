"""Files: own ones are opened or refused with the reason, and what is taken home works alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from core import Trace
from tests.browser.screen import Screen
from tests.explorer.uploads import foreign_file, model_file, recorded, recording_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Download

pytestmark = pytest.mark.browser
CHOOSING = ("cell", "unrolled", "states", "gradients")


def test_a_bad_file_is_refused_and_the_page_goes_on(screen: Screen) -> None:
    screen.open("cell", text="mask", t=2)
    screen.upload("foreign_*x*.safetensors", foreign_file())
    alert = screen.page.get_by_role("alert")
    expect(alert).to_contain_text(screen.texts("sidebar.refused"))
    expect(alert).to_contain_text("foreign_*x*.safetensors")
    expect(alert).to_contain_text("not a recording")
    screen.at_step(2, 4)


def test_a_recording_is_opened(screen: Screen) -> None:
    screen.open("states")
    trace = recorded(steps=9, num_layers=2, bidirectional=True)
    screen.upload("mine.safetensors", recording_file(trace))
    screen.at_step(9, 9)
    screen.settle()
    expect(screen.page.get_by_label(screen.texts("sidebar.text"), exact=True)).to_have_count(0)
    model = screen.page.get_by_role("combobox", name=screen.texts("sidebar.model"))
    expect(model).to_have_value(screen.texts("model.recording", name="mine"))
    screen.chooser("direction").select_option("1")
    screen.scrubber.fill("4")
    value = trace["hidden"].values[1, 1, 4, 0, 0]
    expect(screen.page.locator(".u-heat-value")).to_have_text(f"{value:.4f}".replace("-", "−"))


def test_a_model_is_opened_and_reads(screen: Screen, tmp_path: Path) -> None:
    screen.open("states")
    screen.upload("own.safetensors", model_file(tmp_path, info={"example": "abcab"}))
    expect(screen.page.locator(".u-tok")).to_have_text(list("abcab"))
    screen.page.keyboard.press("Escape")
    screen.type_text("cab")
    expect(screen.page.locator(".u-tok")).to_have_text(list("cab"))


def test_what_was_opened_is_there_after_f5_and_in_a_second_tab_of_this_browser_only(
    new_screen: Callable[..., Screen],
) -> None:
    screen, stranger = new_screen(), new_screen()
    screen.open("states")
    screen.upload("mine.safetensors", recording_file(recorded(steps=9)))
    screen.at_step(9, 9)
    own = screen.settle().address()["model"]
    assert own.startswith("recording-")
    screen.page.reload()
    screen.at_step(9, 9)
    second = Screen(screen.page.context.new_page(), screen.url).open("cell", model=own)
    second.at_step(9, 9)
    stranger.open("cell", model=own)
    alert = stranger.page.get_by_role("alert")
    expect(alert).to_contain_text(screen.texts("uploader.gone").split(":")[0])
    assert not second.complaints


def download(screen: Screen, kind: str) -> Download:
    """What a button of the export menu gives; the menu is open."""
    button = screen.page.get_by_role("button", name=screen.texts(f"export.{kind}"), exact=True)
    with screen.page.expect_download() as waiting:
        button.click()
    return waiting.value


def is_whole_recording(path: Path) -> None:
    assert Trace.load(path).tokens == list("nam人")


def is_whole_table(path: Path) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert text.startswith("layer,direction,time,batch,unit,")
    assert text.count("\n") == 1 + 4 * 12


def is_whole_script(path: Path) -> None:
    compile(path.read_text(encoding="utf-8"), "again.py", "exec")


CHECKS: dict[str, Callable[[Path], None]] = {
    "recording": is_whole_recording,
    "numbers": is_whole_table,
    "code": is_whole_script,
}


@pytest.mark.parametrize(("page", "language"), [*zip(CHOOSING, ("en", "zh", "en", "zh"))])
def test_every_export_works_alone(
    screen: Screen, browser: Browser, tmp_path: Path, page: str, language: str
) -> None:
    screen.open(page, lang=language, model="namaskar-gru", text="nam人", t=1)
    screen.page.get_by_role("button", name=screen.texts("export.button"), exact=True).click()
    for kind, check in CHECKS.items():
        file = tmp_path / kind
        download(screen, kind).save_as(file)
        check(file)
    taken = download(screen, "page")
    assert taken.suggested_filename == f"namaskar-gru-{page}.html"
    taken.save_as(tmp_path / taken.suggested_filename)
    plays_from_disk(browser, tmp_path / taken.suggested_filename, language)


def plays_from_disk(browser: Browser, file: Path, language: str) -> None:
    """The page opens from disk, plays to its end, and asks nobody for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    alone = Screen(context.new_page(), file.as_uri())
    alone.language = language
    alone.page.goto(file.as_uri())
    expect(alone.page.locator("html")).to_have_attribute("lang", language)
    expect(alone.position).not_to_be_empty()
    alone.page.keyboard.press("Home")
    alone.at_step(1, 4)
    alone.page.keyboard.press("]")
    way = alone.button("mode_forward")
    if way.is_visible():
        way.click()
    alone.button("play").click()
    alone.at_step(4, 4)
    expect(alone.button("play")).to_be_visible()
    assert alone.complaints == []
    context.close()


def test_an_export_shows_what_was_chosen(screen: Screen, browser: Browser, tmp_path: Path) -> None:
    screen.open("states", model="grammar-deep-lstm", text="The owl.", t=3, unit=7, layer=1)
    screen.page.get_by_role("button", name=screen.texts("export.button"), exact=True).click()
    file = tmp_path / "page.html"
    download(screen, "page").save_as(file)
    context = browser.new_context(offline=True)
    alone = Screen(context.new_page(), file.as_uri())
    alone.page.goto(file.as_uri())
    alone.at_step(3, 8)
    expect(alone.page.locator(".u-heat-unit")).to_have_text("7")
    value = screen.page.locator(".u-heat-value").inner_text()
    expect(alone.page.locator(".u-heat-value")).to_have_text(value)
    assert alone.complaints == []
    context.close()
