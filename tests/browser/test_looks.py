"""How every page looks: it fits, is accessible, and is photographed to be looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from explorer.language import LANGUAGES
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser
PAGES = ("home", "cell", "unrolled", "states", "gradients")
THEMES = ("light", "dark")
GALLERY = ("shapes", "memoryless", "classify", "signals", "translate", "describe", "generate")
LOOKS = [
    *((page, language, theme) for page in PAGES for language in LANGUAGES for theme in THEMES),
    *((page, *look) for page in GALLERY for look in (("en", "light"), ("zh", "dark"))),
]


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go: $UNROLLED_SCREENSHOTS, or a temporary folder."""
    chosen = os.environ.get("UNROLLED_SCREENSHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize(("page", "language", "theme"), LOOKS)
def test_every_page_fits_and_is_accessible(
    new_screen: NewScreen, album: Path, page: str, language: str, theme: str
) -> None:
    screen = new_screen(color_scheme=theme, reduced_motion="reduce").open(page, lang=language)
    screen.page.screenshot(path=album / f"{page}-{language}-{theme}.png")
    assert outside_of_the_window(screen) == []
    assert serious_findings(screen) == []
    screen.page.set_viewport_size(SIZE | {"height": 3000})  # the lesson below, too
    screen.page.screenshot(path=album / f"{page}-{language}-{theme}-whole.png")


def outside_of_the_window(screen: Screen) -> list[str]:
    """Parts of the stage that a window of 1280x800 does not show without scrolling."""
    parts = {"stage": screen.stage, "play bar": screen.page.locator(".u-transport")}
    parts |= {
        f"picture {at}": picture
        for at, picture in enumerate(screen.page.locator(".u-panel").all(), start=1)
    }
    found = []
    for name, part in parts.items():
        box = part.bounding_box()
        right, bottom = box["x"] + box["width"], box["y"] + box["height"]
        inside = box["x"] >= 0 and box["y"] >= 0
        if not (inside and right <= SIZE["width"] and bottom <= SIZE["height"]):
            found.append(f"{name}: {box}")
    return found


def serious_findings(screen: Screen) -> list[str]:
    """What axe calls serious or critical, with the place."""
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in Axe().run(screen.page).response["violations"]
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("page", ["cell", "unrolled", "states", "gradients"])
def test_a_long_text_fits_too(new_screen: NewScreen, album: Path, page: str) -> None:
    screen = new_screen().open(page, model="grammar-lstm")
    text = "The owls (near the fox [with one old hen]) sing (3: la la la). " * 5
    screen.type_text(text[:300])
    screen.at_step(1 if page == "gradients" else 300, 300)
    screen.settle()
    assert outside_of_the_window(screen) == []
    screen.page.screenshot(path=album / f"{page}-300-steps.png")


def test_the_picture_fills_the_screen(screen: Screen, album: Path) -> None:
    screen.open("cell")
    screen.page.keyboard.press("f")
    expect(screen.stage).to_have_js_property("clientWidth", SIZE["width"])
    screen.page.screenshot(path=album / "cell-full-screen.png")
