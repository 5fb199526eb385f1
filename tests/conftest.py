"""A real browser for the tests that need one, started once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REQUIRED = "UNROLLED_REQUIRE_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The path of a Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def what_is_missing() -> str:
    """What keeps the browser tests from running; empty where nothing does."""
    if find_spec("playwright") is None:
        return "playwright is not installed; it is in tests/requirements.txt"
    return "" if find_chromium() else f"there is no program called {' or '.join(NAMES)}"


def pytest_configure() -> None:
    """Where the browser is required, a run without one ends before it begins."""
    if os.environ.get(REQUIRED) and (missing := what_is_missing()):
        raise pytest.UsageError(f"{REQUIRED} is set, but {missing}.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; where there is none the test says so and skips."""
    if missing := what_is_missing():
        pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield running
        running.close()
