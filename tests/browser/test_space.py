"""The embedding space in a browser: picking, files, the camera, links, and a layout at work."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from PIL import Image
from playwright.sync_api import expect

from explorer.language import LANGUAGES
from explorer.space.sources import shipped_source
from tests.browser.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser
HOSTILE = ("<b>x</b>", "=1+1", "\u200fabc", "<img/src=x/onerror=alert(1)>")


def word(screen: Screen) -> Locator:
    """The chosen word on the cloud's card."""
    return screen.page.locator(".cloud-word")


def find(screen: Screen, wanted: str) -> None:
    """Choose a word by the field above the cloud."""
    field = screen.page.locator(".cloud-find")
    field.fill(wanted)
    field.press("Enter")
    expect(word(screen)).to_have_text(wanted)


def neighbours_of(screen: Screen, wanted: str) -> Locator:
    """The heading of the table below."""
    text = screen.texts("space.neighbours_of", word=wanted)
    return screen.page.get_by_role("heading", name=text, exact=True)


def ink(screen: Screen) -> np.ndarray:
    """Where the cloud has drawn anything at all."""
    body = screen.page.locator(".cloud-body")
    pixels = np.asarray(Image.open(io.BytesIO(body.screenshot())).convert("L"), dtype=int)
    return np.abs(pixels - np.median(pixels)) > 24


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def still(screen: Screen) -> np.ndarray:
    """The cloud once it has come to rest."""
    seen = ink(screen)
    for _ in range(60):
        screen.page.wait_for_timeout(100)
        before, seen = seen, ink(screen)
        if likeness(before, seen) > 0.999:
            return seen
    raise AssertionError("the cloud does not come to rest")


def vectors_text(rows: int = 50, *, cut: int | None = None) -> bytes:
    """Vectors of 6 numbers as GloVe writes them; in line ``cut`` the last one is missing."""
    random = np.random.default_rng(0)
    names = [*HOSTILE, "king", *(f"w{number}" for number in range(rows - 5))]
    lines = [f"{name} {' '.join(f'{v:.3f}' for v in random.normal(size=6))}" for name in names]
    if cut is not None:
        lines[cut - 1] = lines[cut - 1].rpartition(" ")[0]
    return ("\n".join(lines) + "\n").encode()


def open_file(screen: Screen, name: str, data: bytes) -> None:
    screen.upload(name, data)
    button = screen.page.get_by_role("button", name=screen.texts("space.open"), exact=True)
    button.click()


def test_a_picked_word_is_followed_by_the_table_and_the_address(screen: Screen) -> None:
    screen.open("space")
    expect(word(screen)).to_have_text("king")
    find(screen, "paris")
    expect(neighbours_of(screen, "paris")).to_be_visible()
    screen.expect_address(word="paris", lang="en")


def test_a_pressed_row_moves_the_cloud(screen: Screen) -> None:
    screen.open("space")
    screen.page.get_by_test_id("stDataFrame").first.click(position={"x": 18, "y": 52})
    ((nearest, _),) = shipped_source("en").vectors.nearest("king", 1)
    expect(word(screen)).to_have_text(nearest)
    expect(neighbours_of(screen, nearest)).to_be_visible()
    screen.expect_address(word=nearest)
    # And the cloud is still free to go on by itself.
    find(screen, "paris")
    expect(neighbours_of(screen, "paris")).to_be_visible()


def test_good_files_are_opened_and_their_words_are_only_text(screen: Screen) -> None:
    screen.open("space")
    screen.upload("mine_*x*.txt", vectors_text())
    about = screen.texts("space.found_about", rows="50", size="6")
    expect(screen.page.get_by_text(about)).to_be_visible()
    screen.page.get_by_role("button", name=screen.texts("space.open"), exact=True).click()
    caption = screen.texts("space.caption_all", shown="50", size="6")
    expect(screen.page.locator(".u-sentence")).to_contain_text(caption)
    chooser = screen.page.get_by_role("combobox", name=screen.texts("space.vectors"), exact=True)
    expect(chooser).to_have_value("mine_*x*.txt")
    expect(word(screen)).to_have_text("king")
    find(screen, "<b>x</b>")
    expect(neighbours_of(screen, "<b>x</b>")).to_be_visible()


def test_a_bad_file_is_refused_and_the_page_goes_on(screen: Screen) -> None:
    screen.open("space", word="paris")
    screen.upload("bad.txt", b"these are words and no numbers\n" * 30)
    alert = screen.page.get_by_role("alert")
    expect(alert).to_contain_text(screen.texts("sidebar.refused"))
    screen.page.keyboard.press("Escape")
    expect(word(screen)).to_have_text("paris")


def test_a_short_row_is_left_out_and_counted(screen: Screen) -> None:
    screen.open("space")
    open_file(screen, "short.txt", vectors_text(cut=17))
    said = screen.texts("space.facts_skipped", count=1)
    expect(screen.page.get_by_text(said).first).to_be_visible()


def test_what_could_run_code_is_refused_at_once(screen: Screen) -> None:
    screen.open("space", lang="zh")
    screen.upload("model.bin", b"\x80\x04\x95" + b"cposix\nsystem\n" * 9)
    alert = screen.page.get_by_role("alert")
    expect(alert).to_contain_text(screen.texts("sidebar.refused"))
    expect(alert).to_contain_text("could run code")


def test_the_camera_stays_when_the_server_sends_another_picture(screen: Screen) -> None:
    screen.open("space")
    first = still(screen)
    box = screen.page.locator(".cloud-body").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen.page.mouse.move(*middle)
    screen.page.mouse.down()
    screen.page.mouse.move(middle[0] + 160, middle[1] + 60, steps=6)
    screen.page.mouse.up()
    screen.page.mouse.move(box["x"] + 4, box["y"] + 4)
    turned = still(screen)
    assert likeness(first, turned) < 0.6
    screen.page.get_by_role("button", name=screen.texts("space.colours")).click()
    screen.page.get_by_text(screen.texts("space.tint_distortion")).click()
    legend = screen.page.locator(".cloud-side")
    expect(legend).to_contain_text(screen.texts("space.tint_distortion"))
    screen.page.keyboard.press("Escape")
    screen.settle()
    after = still(screen)
    assert likeness(turned, after) > 0.8
    assert likeness(first, after) < 0.6


def test_a_link_opens_the_whole_view_in_another_language(screen: Screen) -> None:
    formulas = {"axis_x": "king - queen", "axis_y": "second - two"}
    view = {"vectors": "en", "projection": "axes", "dimensions": "2", "word": "duke", **formulas}
    screen.open("space", lang="zh", tool="analogy", **view)
    expect(word(screen)).to_have_text("duke")
    field = screen.page.get_by_label(screen.texts("space.axis_x"), exact=True)
    expect(field).to_have_value("king - queen")
    projection = screen.page.get_by_role("combobox", name=screen.texts("space.projection"))
    expect(projection).to_have_value(screen.texts("space.projection_axes"))
    expect(screen.page.get_by_label(screen.texts("space.analogy_a"), exact=True)).to_be_visible()
    screen.expect_address(tool="analogy", **view)


def test_an_isolated_neighbourhood_comes_back_by_its_link(screen: Screen) -> None:
    screen.open("space", word="paris")
    button = screen.page.get_by_role("button", name=screen.texts("space.isolate", near=20))
    button.click()
    caption = screen.page.locator(".u-sentence")
    said = screen.texts("space.caption_around", word="paris", near=20, size=50)
    expect(caption).to_contain_text(said)
    screen.expect_address(around="paris", near="20")
    screen.settle()
    screen.page.reload()
    expect(caption).to_contain_text(said)
    screen.page.get_by_role("button", name=screen.texts("space.show_all")).click()
    expect(caption).to_contain_text(screen.texts("space.caption_all", shown="800", size=50))


@pytest.mark.slow
def test_a_layout_settles_before_the_readers_eyes_and_can_be_played_back(screen: Screen) -> None:
    screen.open("space", projection="tsne", dimensions="2", shown="300")
    done = screen.texts("space.caption_layout", method="t-SNE")
    expect(screen.page.locator(".u-sentence")).to_contain_text(done, timeout=120_000)
    last = int(screen.position.inner_text().rpartition("/")[2])
    screen.at_step(last, last)
    screen.page.keyboard.press("Home")
    screen.at_step(1, last)
    assert last > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cloud_and_its_tools_fit_the_screen(screen: Screen, language: str) -> None:
    screen.open("space", lang=language)
    box = screen.stage.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    assert box["x"] + box["width"] <= 1280
    tools = screen.page.get_by_text(screen.texts("space.tool_neighbours"), exact=True).first
    expect(tools).to_be_in_viewport()
    expect(
        screen.page.get_by_role("button", name=screen.texts("export.button"))
    ).to_be_in_viewport()
