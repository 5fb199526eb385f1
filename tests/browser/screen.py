"""The app as a reader sees it: one tab of a browser, with the stage's parts by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import expect

from explorer.language import Texts, texts_of

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket

# Streamlit asks below the page's own path first and then at the root, where the answer is.
FRAMEWORK_MISSES = ("/_stcore/health", "/_stcore/host-config")


class Screen:
    """A tab. ``complaints`` gathers what must not happen: errors, dialogs, foreign requests."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.language = "en"
        self.complaints: list[str] = []
        self.sent: list[bytes | str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.on("request", self._on_request)
        page.on("websocket", self._on_websocket)

    def open(self, page: str = "home", *, lang: str = "en", **address: str | int) -> Screen:
        """Go to a page with these query parameters and wait until its stage is drawn."""
        self.language = lang
        path = "" if page == "home" else page
        self.page.goto(f"{self.url}/{path}?{urlencode({'lang': lang} | address)}")
        expect(self.position).not_to_be_empty()
        return self.settle()

    def go_to(self, page: str) -> Screen:
        """Choose a page in the menu and wait until its stage is drawn."""
        if page != "home":
            self.page.get_by_role("button", name=self.texts("menu.inside")).click()
        links = self.page.get_by_test_id("stTopNavLinkContainer").locator("a")
        links.filter(has_text=re.compile(re.escape(self.texts(f"nav.{page}")) + "$")).click()
        title = self.texts("home.title" if page == "home" else f"nav.{page}")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.position).not_to_be_empty()
        return self.settle()

    def settle(self) -> Screen:
        """Wait until the server has answered everything that it was asked."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        return self

    @property
    def texts(self) -> Texts:
        """The labels of the language that was opened."""
        return texts_of(self.language)

    @property
    def stage(self) -> Locator:
        """The stage with its pictures and its play bar."""
        return self.page.locator(".u-stage")

    @property
    def position(self) -> Locator:
        """ "t = 3 / 7" in the play bar."""
        return self.page.locator(".u-position")

    @property
    def scrubber(self) -> Locator:
        """The slider over time."""
        return self.page.locator(".u-scrubber")

    @property
    def now(self) -> Locator:
        """The token being read, in the coloured text."""
        return self.page.locator(".u-tok.u-now")

    def button(self, key: str) -> Locator:
        """A button of the play bar by the key of its label; its key is not spoken."""
        name = re.sub(r"\s*[(（].*", "", self.texts(f"player.{key}"))
        return self.stage.get_by_role("button", name=name, exact=True)

    def chooser(self, key: str) -> Locator:
        """A drop-down of the stage by the key of its label."""
        return self.stage.get_by_role("combobox", name=self.texts(f"player.{key}"), exact=True)

    def at_step(self, step: int, steps: int) -> None:
        """The cursor is at this step, counted from 1."""
        expect(self.position).to_have_text(self.texts("player.position", t=step, steps=steps))

    def address(self) -> dict[str, str]:
        """The query parameters in the address bar."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def expect_address(self, **parameters: str | None) -> None:
        """Wait until the address holds these parameters; None stands for one that is not there."""

        def fits(url: str) -> bool:
            query = parse_qs(urlsplit(url).query)
            return all(
                query.get(name) == (None if value is None else [value])
                for name, value in parameters.items()
            )

        self.page.wait_for_url(fits)

    def type_text(self, text: str) -> None:
        """Type into the text field and leave it, as a reader does."""
        field = self.page.get_by_label(self.texts("sidebar.text"), exact=True)
        field.fill(text)
        field.press("Control+Enter")

    def choose_model(self, label: str) -> None:
        """Choose a network by its label."""
        field = self.page.get_by_role("combobox", name=self.texts("sidebar.model"))
        field.fill(label)  # there are more networks than the open list shows at once
        self.page.get_by_role("option", name=label, exact=True).click()

    def upload(self, name: str, data: bytes) -> None:
        """Give a file to the uploader in the sidebar."""
        self.page.get_by_role("button", name=self.texts("sidebar.own")).click()
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        self.page.locator("input[type=file]").set_input_files(file)

    def _on_console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not where.endswith(FRAMEWORK_MISSES):
            self.complaints.append(f"console: {message.text} {where}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")

    def _on_websocket(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(frame))
