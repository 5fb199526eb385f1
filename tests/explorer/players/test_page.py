"""The self-contained page: nothing can break out of it, and nothing is loaded from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import save

from explorer.players import page
from explorer.players.bundle import bundle
from explorer.players.page import standalone_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "<!--", "<s>"]


class Reader(HTMLParser):
    """What a browser's parser sees: elements, their attributes, and the text of raw ones."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}
        self.inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        at = len(self.elements) - 1
        if self.inside:
            self.texts[at] = self.texts.get(at, "") + data

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, self.texts.get(at, ""))
            for at, (name, attributes) in enumerate(self.elements)
            if name == tag
        ]


def recording(tokens: list[str]) -> bytes:
    steps, units = len(tokens), 5
    values = np.random.default_rng(0).uniform(-1, 1, (1, 1, steps, units)).astype(np.float32)
    panels = [
        {"picture": "text", "area": "a", "label": "", "alt": "text", "options": {}},
        {"picture": "heatmap", "area": "b", "label": "", "alt": "states", "options": {}},
        {"picture": "lines", "area": "c", "label": "", "alt": "curves", "options": {}},
    ]
    grid = {"areas": "'a a' 'b c'", "columns": "1fr 1fr", "rows": "auto minmax(0, 1fr)"}
    cursor = {"time": 0, "layer": 0, "direction": 0, "unit": 2, "signal": "hidden"}
    words = set(re.findall(r"\btext\.(\w+)", bundle()))
    spec = {
        "group": "test",
        "panels": panels,
        "grid": grid,
        "height": 500,
        "tokens": tokens,
        "vocabulary": sorted(set(tokens)),
        "unknown": [0],
        "cell": {"kind": "elman"},
        "layers": 1,
        "directions": 1,
        "steps": steps,
        "units": units,
        "cursor": cursor,
        "mode": "forward",
        "play": True,
        "speed": 8,
        "loop": False,
        "text": {word: word for word in words} | {"unknown_token": "{token} is new"},
    }
    return save({"hidden": values}, metadata={"spec": json.dumps(spec)})


def test_the_payload_arrives_unchanged() -> None:
    payload = recording(HOSTILE)
    scripts = Reader(standalone_page(payload, title="t", language="en")).all("script")
    assert [attributes.get("type") for attributes, _ in scripts] == ["text/plain", "module"]
    assert base64.b64decode(scripts[0][1], validate=True) == payload


def test_a_hostile_title_stays_text() -> None:
    title = '</title><script>alert(1)</script>"&amp;<!--'
    seen = Reader(standalone_page(recording(["a"]), title=title, language="zh"))
    assert seen.all("title")[0][1] == title
    assert seen.all("h1")[0][1] == title
    assert len(seen.all("script")) == 2
    assert seen.all("html")[0][0]["lang"] == "zh"


def test_a_script_cannot_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = 'const text = "</script><!-- <script> </SCRIPT>";\n'
    monkeypatch.setattr(page, "bundle", lambda: hostile)
    seen = Reader(standalone_page(b"x", title="t", language="en"))
    scripts = seen.all("script")
    assert len(scripts) == 2
    assert r"<\/script>" in scripts[1][1]
    assert not re.search(r"</script|<script|<!--", scripts[1][1], flags=re.IGNORECASE)
    assert scripts[1][1].rstrip().endswith('mountStage(document.querySelector("main"), bytes);')


def test_the_policy_allows_this_script_and_no_network() -> None:
    seen = Reader(standalone_page(recording(["a"]), title="t", language="en"))
    policies = [
        attributes["content"]
        for attributes, _ in seen.all("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in (policies[0] or "").split(";"))
    assert rules["default-src"] == "'none'"
    digest = hashlib.sha256(seen.all("script")[1][1].encode()).digest()
    assert rules["script-src"].split() == [
        f"'sha256-{base64.b64encode(digest).decode()}'",
        "blob:",
    ]
    sources = {source for rule in rules.values() for source in rule.split()}
    assert not [
        source for source in sources if re.match(r"https?:|ws|\*|'self'|'unsafe-eval'", source)
    ]


def test_nothing_is_named_outside_the_page() -> None:
    text = standalone_page(recording(["a"]), title="t", language="en")
    for _, attributes in Reader(text).elements:
        assert not {"src", "href", "srcset", "data", "action"} & set(attributes)
    addresses = set(re.findall(r"https?://[\w./-]+", text))
    # The name of the SVG vocabulary; it is compared, never fetched.
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\((?!['\"]?(data|blob):)", text)


@pytest.mark.parametrize("language", ["", "en us", '"><script>', "e", "zh_CN"])
def test_a_bad_language_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="expected a tag"):
        standalone_page(b"x", title="t", language=language)


def test_an_empty_payload_is_refused() -> None:
    with pytest.raises(ValueError, match="empty payload"):
        standalone_page(b"", title="t", language="en")


@pytest.mark.browser
def test_the_page_plays_from_disk_and_shows_hostile_tokens_literally(
    browser: Browser, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    tokens = [*HOSTILE, "a", "人"]
    file = tmp_path / "page.html"
    file.write_text(standalone_page(recording(tokens), title="t", language="en"), encoding="utf-8")
    complaints: list[str] = []
    tab = browser.new_page(viewport={"width": 1000, "height": 620})
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: (complaints.append("dialog"), dialog.dismiss()))
    tab.goto(file.as_uri())
    shown = tab.locator(".u-tok").all_inner_texts()
    assert [text.strip() for text in shown] == tokens
    assert tab.locator(".u-unknown").get_attribute("title") == f"{HOSTILE[0]} is new"
    # It plays by itself to the last token and stops there. (The page's policy forbids eval,
    # so the test waits with locators only.)
    now = tab.locator(".u-tok.u-now")
    expect(now).to_have_text("人")
    expect(tab.locator("button[aria-label='play']")).to_have_count(1)
    tab.keyboard.press("ArrowLeft")
    expect(now).to_have_text("a")
    expect(tab.locator(".u-scrubber")).to_have_value("4")
    tab.close()
    assert complaints == []
