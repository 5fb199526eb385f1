"""The step of training as one more axis of the cursor, in pages that play by themselves."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from core import Trace
from explorer.language import texts_of
from explorer.pictures import cell_stage, gradients_stage, states_stage, unrolled_stage
from explorer.players.bundle import PLAYERS, bundle
from explorer.players.checkpoints import over_training
from explorer.players.page import standalone_page
from explorer.workshop.beside import beside_stage
from tests.explorer.made import made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

EN = texts_of("en")
TOKENS = "abcd"
UPDATES = (0, 50, 200, 1000)
UNITS = 3
PICTURES = ("text", "heatmap", "lines", "cell", "graph", "norms")
PAGE = """<!doctype html><meta charset="utf-8"><style>{css} body {{ margin: 0 }}</style>
<main></main><script type="module">{js}
window.rests = [];
window.show = (payload) => mountStage(document.querySelector("main"),
  Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0)),
  {{ onRest: (cursor) => window.rests.push(cursor) }});
</script>"""


def value(place: int, time: int, unit: int) -> float:
    """What the hidden state is at a checkpoint: a number that names its place."""
    return (place + 1) / 10 + time / 100 + unit / 1000


def reading(place: int, scale: float = 1.0) -> Trace:
    """The recording at one checkpoint, with every part of a simple cell."""
    hidden = np.array(
        [[scale * value(place, time, unit) for unit in range(UNITS)] for time in range(4)]
    )
    gradient = np.array([[10.0 ** (place - 3 + time - 3)] * UNITS for time in range(4)])
    parts = {
        "hidden_from_input": hidden / 2,
        "hidden_from_recurrent": hidden / 4,
        "hidden_bias": hidden / 4,
        "hidden_preactivation": hidden,
    }
    return made(
        {"hidden": hidden, "grad_hidden": gradient, **parts},
        tokens=TOKENS,
        prediction=[[0.9, 0.1] if place else [0.2, 0.8]] * 4,
        classes=["a", "b"],
        kind="elman",
        model="run",
    )


def stage(draw: Callable[[Trace], bytes], updates: Sequence[int] = UPDATES) -> bytes:
    payloads = [draw(reading(UPDATES.index(one))) for one in updates]
    return over_training(payloads, updates, [f"After {one} updates. " for one in updates])


def states(cursor: dict[str, Any] | None = None) -> bytes:
    return stage(lambda trace: states_stage(trace, EN, cursor or {}))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    complaints: list[str] = []
    tab.on("console", lambda m: m.type == "error" and complaints.append(m.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.set_content(
        PAGE.format(css=(PLAYERS / "stage.css").read_text(encoding="utf-8"), js=bundle())
    )
    yield tab
    tab.close()
    assert complaints == []


def show(page: Page, payload: bytes) -> Page:
    page.evaluate("payload => window.show(payload)", base64.b64encode(payload).decode())
    expect(page.locator(".u-position")).not_to_be_empty()
    return page


def where(page: Page) -> Locator:
    return page.locator(".u-training-where")


def at(page: Page, place: int, of: Sequence[int] = UPDATES) -> None:
    words = EN("player.checkpoint", updates=of[place], n=place + 1, of=len(of))
    expect(where(page)).to_have_text(words)


@pytest.mark.parametrize(("cursor", "place"), [({}, 3), ({"step": 50}, 1), ({"step": 120}, 1)])
def test_it_begins_at_the_end_or_where_a_link_says(
    page: Page, cursor: dict[str, Any], place: int
) -> None:
    at(show(page, states(cursor)), place)


def test_keys_and_slider_move_the_training_and_nothing_else(page: Page) -> None:
    show(page, states())
    step = page.locator(".u-position").inner_text()
    number = page.locator(".u-heat-value")
    expect(number).to_have_text(f"{value(3, 3, 0):.4f}")
    for _ in range(2):
        page.keyboard.press("<")
    at(page, 1)
    expect(number).to_have_text(f"{value(1, 3, 0):.4f}")
    page.keyboard.press(">")
    at(page, 2)
    page.locator(".u-training").fill("0")
    at(page, 0)
    expect(number).to_have_text(f"{value(0, 3, 0):.4f}")
    page.keyboard.press("<")
    at(page, 0)
    page.keyboard.press("ArrowRight")  # on the slider of the training
    at(page, 1)
    expect(page.locator(".u-position")).to_have_text(step)
    caption = page.locator(".u-sentence:visible")
    expect(caption).to_contain_text("After 50 updates.")


def test_the_rest_of_the_cursor_names_the_updates(page: Page) -> None:
    show(page, states())
    page.keyboard.press("<")
    page.wait_for_function("() => window.rests.length > 0")
    assert page.evaluate("() => window.rests.at(-1).step") == 200


def test_shift_and_space_plays_the_training_and_space_the_time(page: Page) -> None:
    show(page, states())
    for _ in range(4):  # as slow as it goes: half a step a second
        page.keyboard.press("[")
    page.keyboard.press("Shift+Space")
    at(page, 0)  # it starts again from the beginning
    expect(page.get_by_role("button", name="Pause the training")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    for _ in range(6):
        page.keyboard.press("]")
    at(page, 3)
    expect(page.get_by_role("button", name="Play the training")).to_be_visible()
    assert page.locator(".u-position").inner_text() == EN("player.position", t=4, steps=4)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.locator(".u-training").fill("1")  # the other axis does not stop it
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.locator(".u-scrubber").fill("2")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    at(page, 1)


def test_a_training_that_goes_on_keeps_the_checkpoint(page: Page) -> None:
    show(page, stage(lambda trace: states_stage(trace, EN, {"step": 200}), UPDATES[:3]))
    at(page, 2, UPDATES[:3])
    show(page, states({"step": 200}))
    at(page, 2)


@pytest.mark.parametrize("name", ["states", "cell", "unrolled", "gradients"])
def test_every_picture_follows(page: Page, name: str) -> None:
    draws: dict[str, Callable[[Trace], bytes]] = {
        "states": lambda trace: states_stage(trace, EN, {}),
        "cell": lambda trace: cell_stage(trace, EN, {}),
        "unrolled": lambda trace: unrolled_stage(trace, EN, {"mode": "forward"}),
        "gradients": lambda trace: gradients_stage(
            {"Elman": trace}, "Elman", EN, {"mode": "backward", "time": 0}
        ),
    }
    show(page, stage(draws[name]))
    hosts = [kind for kind in PICTURES if page.locator(f".u-{kind}.u-host").count()]
    hosts = [kind for kind in hosts if not (name == "cell" and kind == "text")]
    page.wait_for_timeout(400)  # what arrives has arrived
    before = {kind: look(page, kind) for kind in hosts}
    page.locator(".u-training").fill("0")
    at(page, 0)
    page.wait_for_timeout(400)
    assert {kind for kind in hosts if look(page, kind) == before[kind]} == set()


def look(page: Page, kind: str) -> bytes:
    """What a picture looks like, the cursor's numbers and all."""
    return page.locator(f".u-{kind}.u-host").screenshot()


def test_colours_mean_the_same_at_every_checkpoint(page: Page) -> None:
    large = [reading(place, scale=10 if place == 3 else 1) for place in range(4)]
    payloads = [states_stage(trace, EN, {}) for trace in large]
    show(page, over_training(payloads, UPDATES, [""] * 4))
    ends = page.locator(".u-heat-header .u-legend-end").all_inner_texts()
    page.locator(".u-training").fill("0")
    at(page, 0)
    assert page.locator(".u-heat-header .u-legend-end").all_inner_texts() == ends
    assert ends[-1] == "5"


def test_another_text_at_every_checkpoint(page: Page) -> None:
    """A decoder that runs freely may write a longer one later on."""
    early = made({"hidden": np.full((2, UNITS), 0.25)}, tokens="xy")
    late = made({"hidden": np.full((4, UNITS), 0.75)}, tokens="wxyz")
    payloads = [states_stage(trace, EN, {}) for trace in (early, late)]
    show(page, over_training(payloads, (0, 5), ["", ""]))
    assert page.locator(".u-tok").all_inner_texts() == list("wxyz")
    page.keyboard.press("<")
    at(page, 0, (0, 5))
    assert page.locator(".u-tok").all_inner_texts()[:2] == ["x", "y"]
    expect(page.locator(".u-heat-value")).to_have_text("–")
    page.keyboard.press("Home")
    expect(page.locator(".u-heat-value")).to_have_text("0.2500")


def test_two_recordings_on_one_stage_each_with_its_own_numbers(page: Page) -> None:
    """The second one has fewer units; both follow the same cursor through the training."""

    def other(place: int) -> Trace:
        hidden = np.full((4, 2), -value(place, 0, 0))
        return made({"hidden": hidden}, tokens=TOKENS, kind="elman", model="other")

    payloads = [
        beside_stage({"A": reading(place), "B": other(place)}, EN, {"unit": 2}, group="two")
        for place in range(4)
    ]
    show(page, over_training(payloads, UPDATES, [""] * 4))
    numbers = page.locator(".u-heat-value")
    expect(numbers).to_have_text([f"{value(3, 3, 2):.4f}", f"−{value(3, 0, 0):.4f}"])
    page.keyboard.press("<")
    expect(numbers).to_have_text([f"{value(2, 3, 2):.4f}", f"−{value(2, 0, 0):.4f}"])
    page.keyboard.press("ArrowLeft")
    expect(numbers).to_have_text([f"{value(2, 2, 2):.4f}", f"−{value(2, 0, 0):.4f}"])


def test_it_plays_in_an_exported_page(browser: Browser, tmp_path: Any) -> None:
    file = tmp_path / "run.html"
    file.write_text(standalone_page(states(), title="Run", language="en"), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    at(tab, 3)
    tab.keyboard.press("<")
    at(tab, 2)
    expect(tab.locator(".u-heat-value")).to_have_text(f"{value(2, 3, 0):.4f}")
    tab.close()
