"""Whatever a token holds, it is shown as it is and nothing in it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from core import Trace
from core.recording.trace_file import trace_bytes
from tests.browser.screen import Screen
from tests.explorer.uploads import recorded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

TOKENS = (
    "<img src=x onerror=alert(1)>",
    "<s>",
    "</script><script>alert(1)</script>",
    "$x$",
    ":red[x]",
    "\u202eabc",
    "&lt;b&gt;",
    "**a**",
)
TEXT = "".join(TOKENS)
CHOOSING = ("cell", "unrolled", "states", "gradients")


def hostile_recording() -> bytes:
    """A recording whose tokens are markup, with a loss, so that every page shows it."""
    trace = recorded(steps=len(TOKENS), loss=True)
    return trace_bytes(Trace.of(trace.data.assign_coords(token=("time", list(TOKENS)))).data)


def nothing_ran(screen: Screen) -> None:
    """No element was made out of a token, and no script ran."""
    expect(screen.page.locator("img[src='x'], s")).to_have_count(0)
    assert screen.complaints == []


def read_tokens_by_scrubbing(screen: Screen) -> None:
    """Every token stands in the play bar exactly as it is."""
    for at, token in enumerate(TOKENS):
        screen.scrubber.fill(str(at))
        expect(screen.page.locator(".u-token")).to_have_text(token)


def test_a_recording_full_of_markup(screen: Screen, browser: Browser, tmp_path: Path) -> None:
    screen.open("states")
    screen.upload("<img src=x onerror=alert(1)>.safetensors", hostile_recording())
    screen.at_step(len(TOKENS), len(TOKENS))
    screen.settle()
    screen.page.keyboard.press("Escape")
    for page in CHOOSING:
        screen.go_to(page)
        read_tokens_by_scrubbing(screen)
        nothing_ran(screen)
        screen.page.get_by_role("button", name=screen.texts("export.button"), exact=True).click()
        button = screen.page.get_by_role("button", name=screen.texts("export.page"), exact=True)
        with screen.page.expect_download() as waiting:
            button.click()
        screen.page.keyboard.press("Escape")
        waiting.value.save_as(tmp_path / f"{page}.html")
        context = browser.new_context(offline=True)
        alone = Screen(context.new_page(), (tmp_path / f"{page}.html").as_uri())
        alone.page.goto(alone.url)
        expect(alone.position).not_to_be_empty()
        read_tokens_by_scrubbing(alone)
        nothing_ran(alone)
        context.close()


def test_markup_in_tooltips(screen: Screen) -> None:
    screen.open("states")
    screen.upload("x.safetensors", hostile_recording())
    tokens = screen.page.locator(".u-tok")
    expect(tokens).to_have_count(len(TOKENS))
    screen.settle()
    screen.page.keyboard.press("Escape")
    for at, token in enumerate(TOKENS):
        assert tokens.nth(at).text_content() == token
        tokens.nth(at).hover()
        tip = screen.page.locator(".u-tooltip:visible")
        expect(tip).to_have_count(1)
        assert token in tip.text_content()
    nothing_ran(screen)


@pytest.mark.parametrize("page", CHOOSING)
def test_markup_typed_as_text(screen: Screen, page: str) -> None:
    screen.open(page)
    screen.type_text(TEXT)
    screen.at_step(len(TEXT) if page != "gradients" else 1, len(TEXT))
    screen.settle()
    alert = screen.page.get_by_role("alert")
    for sign in "<>$:[]*&":
        expect(alert).to_contain_text(sign)
    expect(alert.locator("img, s, .katex, strong, em, code")).to_have_count(0)
    nothing_ran(screen)
