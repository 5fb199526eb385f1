"""Watching word2vec train, in a browser: the replay, what moved a word, and a reader's text."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from explorer.trainings import shipped_replay
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

PATIENCE = 60_000
HOSTILE = "<img/src=x/onerror=alert(1)>"


def account(screen: Screen, word: str, snapshot: int) -> None:
    """The account below the stage speaks of this word on its way to this snapshot."""
    start, end = (f"{seen:,}" for seen in shipped_replay("en").words_seen[snapshot - 1 :][:2])
    # Whether the account is shown or is said to point elsewhere, it names the way.
    said = f"Between {start} and {end} words read, “{word}” moved by"
    expect(screen.page.get_by_text(said)).to_be_visible(timeout=PATIENCE)


def test_the_replay_plays_and_the_account_follows_word_and_moment(screen: Screen) -> None:
    screen.open("training", t=2)
    account(screen, "king", 1)
    screen.page.locator(".cloud-find").fill("queen")
    screen.page.locator(".cloud-find").press("Enter")
    account(screen, "queen", 1)
    screen.button("play").click()
    screen.at_step(25, 25)
    expect(screen.button("play")).to_be_visible()
    screen.expect_address(t="25")
    account(screen, "queen", 24)


def test_a_link_opens_the_replay_at_its_place_in_the_other_language(screen: Screen) -> None:
    screen.open("training", lang="zh", t=8)
    screen.at_step(8, 25)
    expect(screen.page.get_by_text("国王").first).to_be_visible()


def test_a_pasted_text_is_trained_on_and_shown_as_text(screen: Screen) -> None:
    screen.language = "en"
    screen.page.goto(f"{screen.url}/training?lang=en&corpus=own")
    field = screen.page.get_by_label(screen.texts("training.paste"), exact=True)
    field.fill("\n".join(f"the {a} sees the {HOSTILE} again" for a in ("cat", "dog")) * 60)
    field.press("Control+Enter")
    screen.page.get_by_role("button", name=screen.texts("training.start"), exact=True).click()
    expect(screen.stage).to_be_visible(timeout=PATIENCE)
    screen.settle()


def test_a_file_that_is_not_utf8_is_refused_with_the_place(screen: Screen) -> None:
    screen.language = "en"
    screen.page.goto(f"{screen.url}/training?lang=en&corpus=own")
    expect(screen.page.get_by_label(screen.texts("training.paste"), exact=True)).to_be_visible()
    file = {"name": "latin.txt", "mimeType": "text/plain", "buffer": b"caf\xe9 au lait"}
    screen.page.locator("input[type=file]").set_input_files(file)
    expect(
        screen.page.get_by_text(
            screen.texts("own_text.unreadable", name="latin\\.txt", byte=4).replace("\\", "")
        )
    ).to_be_visible()
