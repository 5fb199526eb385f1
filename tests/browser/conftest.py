"""The app on a port of its own, and tabs that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.server import Server, running_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.screen import Screen

SIZE = {"width": 1280, "height": 800}
NewScreen = Callable[..., "Screen"]


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, started once for all browser tests."""
    with running_app(tmp_path_factory.mktemp("app") / "log.txt") as running:
        yield running


@pytest.fixture
def new_screen(browser: Browser, server: Server) -> Iterator[NewScreen]:
    """Makes tabs, each of a reader of its own; at the end none of them may have complained."""
    from tests.browser.screen import Screen

    screens: list[Screen] = []

    def make(**options: Any) -> Screen:
        context = browser.new_context(**{"viewport": SIZE, "accept_downloads": True} | options)
        screens.append(Screen(context.new_page(), server.url))
        return screens[-1]

    yield make
    complaints = [complaint for screen in screens for complaint in screen.complaints]
    for screen in screens:
        screen.page.context.close()
    assert complaints == []


@pytest.fixture
def screen(new_screen: NewScreen) -> Screen:
    """One tab of 1280x800 pixels."""
    return new_screen()
