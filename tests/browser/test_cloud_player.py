"""The cloud of words in a browser: where words lie, choosing, marking, and what survives."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from explorer.language import texts_of
from explorer.players.bundle import PLAYERS, bundle
from explorer.players.cloud import cloud_arrays, curve_arrays, rank_arrays
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

HOSTILE = ["<b>bold</b>", "=1+1", "\u200f", "x" * 10_000, "שלום"]
BLUE = [0x00, 0x67, 0xB1]  # the first category on white
# A cross in the plane: the middle, then right, up, left, down.
CROSS = np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]])

PAGE = """<!doctype html><meta charset="utf-8"><style>{css} body {{ margin: 0 }}</style>
<main style="height: 560px"></main><script type="module">{js}
window.rests = [];
window.show = (payload) => mountStage(document.querySelector("main"),
  Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0)),
  {{ onRest: (cursor) => window.rests.push(cursor) }});
</script>"""


class Cloud:
    """A page with one stage, and the words on it by their places."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    @property
    def body(self) -> Locator:
        return self.page.locator(".cloud-body")

    @property
    def word(self) -> Locator:
        """The chosen word on the card."""
        return self.page.locator(".cloud-word")

    def show(self, places: np.ndarray, labels: list[str], **given: Any) -> None:
        self.page.evaluate("window.show", payload(places, labels, **given))
        expect(self.body).to_be_visible()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a place in the plane, for a cloud of radius 1 around 0 that is not moved: the
        camera stands 3.1 away and sees 18 degrees to each side of the shorter way."""
        box = self.body.bounding_box()
        assert box is not None
        unit = min(box["width"], box["height"]) / 2 / math.tan(math.radians(18)) / 3.1
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        return middle[0] + x * unit, middle[1] - y * unit

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()


def payload(
    places: np.ndarray,
    labels: list[str],
    *,
    panels: tuple[str, ...] = ("cloud",),
    drawer: str = "",
    more: dict[str, np.ndarray] | None = None,
    **options: Any,
) -> str:
    arrays = cloud_arrays(places, labels) | (more or {})
    frames = len(arrays["positions"])
    shown = [
        Panel(kind, area, options={"drawer": drawer, **options})
        for kind, area in zip(panels, "abc")
    ]
    areas = " ".join("abc"[: len(panels)])
    spec = plain_spec(
        shown,
        Layout(f"'{areas}'", f"repeat({len(panels)}, minmax(0, 1fr))", "minmax(0, 1fr)", 560),
        texts_of("en"),
        group="one",
        tokens=[str(100 * frame) for frame in range(frames)],
        units=len(labels),
        cursor={"time": 0},
    )
    return base64.b64encode(pack(arrays, spec)).decode()


@pytest.fixture
def new_cloud(browser: Browser, tmp_path: Path) -> Iterator[Callable[[], Cloud]]:
    """Makes pages without a server; none of them may complain."""
    file = tmp_path / "page.html"
    css = (PLAYERS / "stage.css").read_text(encoding="utf-8")
    file.write_text(PAGE.format(css=css, js=bundle()), encoding="utf-8")
    clouds: list[Cloud] = []

    def make() -> Cloud:
        # Words jump instead of gliding, so that a place is a place.
        options = {"viewport": {"width": 1000, "height": 600}, "reduced_motion": "reduce"}
        clouds.append(Cloud(browser.new_page(**options)))
        clouds[-1].page.goto(file.as_uri())
        clouds[-1].page.wait_for_function("window.show !== undefined")
        return clouds[-1]

    yield make
    complaints = [complaint for cloud in clouds for complaint in cloud.complaints]
    for cloud in clouds:
        cloud.page.close()
    assert complaints == []


@pytest.fixture
def cloud(new_cloud: Callable[[], Cloud]) -> Cloud:
    return new_cloud()


@pytest.mark.parametrize("drawer", ["webgl", ""])
def test_a_click_chooses_the_word_at_its_place(cloud: Cloud, drawer: str) -> None:
    words = ["middle", "right", "up", "left", "down"]
    cloud.show(CROSS, words, drawer=drawer)
    for word, place in zip(words, CROSS):
        cloud.page.mouse.click(*cloud.at(*place))
        expect(cloud.word).to_have_text(word)
    cloud.page.mouse.move(*cloud.at(1, 0))
    expect(cloud.page.locator(".u-tooltip:visible")).to_contain_text("right")
    cloud.page.mouse.click(*cloud.at(0.5, 0.5))  # nothing is there
    expect(cloud.word).to_have_text("down")


@pytest.mark.parametrize("drawer", ["webgl", ""])
@pytest.mark.parametrize("others", [0, 20_000])  # among many words the points are small
def test_the_points_are_where_the_words_are(cloud: Cloud, drawer: str, others: int) -> None:
    places = np.concatenate([CROSS, np.zeros((others, 2))])
    cloud.show(places, [f"word{point}" for point in range(len(places))], drawer=drawer)
    x, y = cloud.at(0, 1)
    box = cloud.body.bounding_box()
    assert box is not None
    # The middle canvas holds the points alone. A drawing of the graphics processor can only be
    # read in the frame in which it was made, so one is asked for first.
    found = cloud.page.evaluate(
        """async ([x, y]) => {
          const body = document.querySelector(".cloud-body");
          body.dispatchEvent(new PointerEvent("pointermove", { clientX: 5, clientY: 5 }));
          await new Promise(requestAnimationFrame);
          const points = body.querySelectorAll("canvas")[1];
          const copy = document.createElement("canvas");
          [copy.width, copy.height] = [points.width, points.height];
          const context = copy.getContext("2d");
          context.drawImage(points, 0, 0);
          const read = (left, top) => [...context.getImageData(left, top, 1, 1).data];
          return [read(x, y), read(x + 30, y + 30)];
        }""",
        [x - box["x"], y - box["y"]],
    )
    assert found == [[*BLUE, 255], [0, 0, 0, 0]]


def test_every_label_is_shown_as_it_is(cloud: Cloud) -> None:
    cloud.show(CROSS, HOSTILE)
    shown = [HOSTILE[0], HOSTILE[1], "‹U+200F›", "x" * 59 + "…", HOSTILE[4]]
    for label, place in zip(shown, CROSS):
        cloud.page.mouse.click(*cloud.at(*place))
        expect(cloud.word).to_have_text(label)
    assert cloud.page.locator(".u-stage b b, .u-stage script").count() == 0


def test_the_camera_survives_new_data_of_the_same_group(cloud: Cloud) -> None:
    cloud.show(CROSS, list("abcde"))
    middle = cloud.at(0, 0)
    moved = (middle[0] + 90, middle[1] - 70)
    cloud.drag(cloud.at(0.5, 0.5), tuple(np.add(cloud.at(0.5, 0.5), (90, -70))))
    cloud.page.mouse.click(*moved)
    expect(cloud.word).to_have_text("a")
    cloud.show(CROSS[::-1] * 50, list("vwxyz"))  # another size, and the words turned around
    expect(cloud.word).to_have_text("v")
    cloud.page.mouse.click(*moved)
    expect(cloud.word).to_have_text("z")
    cloud.page.keyboard.press("0")
    expect(cloud.body).to_be_visible()
    cloud.page.wait_for_function("() => new Promise((go) => setTimeout(() => go(true), 700))")
    cloud.page.mouse.click(*cloud.at(0, 0))
    expect(cloud.word).to_have_text("z")
    cloud.page.mouse.click(*moved)
    expect(cloud.word).to_have_text("z")


def test_words_move_with_the_frames(cloud: Cloud) -> None:
    frames = np.stack([CROSS, CROSS[[0, 3, 4, 1, 2]]])  # right and left, up and down change places
    cloud.show(frames, ["middle", "one", "two", "three", "four"])
    cloud.page.mouse.click(*cloud.at(1, 0))
    expect(cloud.word).to_have_text("one")
    cloud.page.keyboard.press("ArrowRight")
    expect(cloud.page.locator(".u-position")).to_contain_text("2 / 2")
    cloud.page.mouse.click(*cloud.at(1, 0))
    expect(cloud.word).to_have_text("three")


def test_a_rectangle_marks_words_and_the_server_hears_of_it(cloud: Cloud) -> None:
    cloud.show(CROSS, list("abcde"))
    cloud.page.keyboard.press("b")
    cloud.drag(cloud.at(-0.2, 0.2), cloud.at(1.2, -1.2))
    cloud.page.wait_for_function("window.rests.at(-1)?.pinned.join() === '0,1,4'")
    cloud.page.get_by_role("button", name="Take away all marks").click()
    cloud.page.wait_for_function("window.rests.at(-1)?.pinned.join() === ''")


def test_search_and_table_do_without_the_picture(cloud: Cloud) -> None:
    near = cloud_arrays(CROSS, list("abcde"), neighbours={2: [1, 3]}, similarity={2: [0.5, 0.25]})
    more = {name: array for name, array in near.items() if name.startswith("neighbour")}
    cloud.show(CROSS, ["crab", "banana", "berry", "cherry", "date"], more=more)
    field = cloud.page.get_by_role("combobox", name="Find a word")
    field.fill("b")
    expect(cloud.page.get_by_role("option")).to_have_text(["banana", "berry", "crab"])
    field.press("ArrowDown")
    field.press("Enter")
    expect(cloud.word).to_have_text("berry")
    expect(cloud.page.locator(".cloud-near-word")).to_have_text(["banana0.500", "cherry0.250"])
    cloud.page.get_by_role("button", name="As a table").click()
    tables = cloud.page.locator(".cloud-table tbody")
    expect(tables.first.locator("tr")).to_have_count(2)
    expect(tables.last.locator("tr")).to_have_count(5)
    tables.last.get_by_role("button", name="date").click()
    cloud.page.get_by_role("button", name="Back to the picture").click()
    expect(cloud.word).to_have_text("date")


def test_a_lost_graphics_context_comes_back(cloud: Cloud) -> None:
    cloud.show(CROSS, list("abcde"), drawer="webgl")
    cloud.page.evaluate(
        """() => {
          const [, points] = document.querySelectorAll(".cloud-body canvas");
          window.loss = points.getContext("webgl2").getExtension("WEBGL_lose_context");
          window.loss.loseContext();
        }"""
    )
    notice = cloud.page.locator(".cloud-notice")
    expect(notice).to_be_visible()
    cloud.page.mouse.click(*cloud.at(1, 0))  # words can still be chosen
    expect(cloud.word).to_have_text("b")
    cloud.page.evaluate("window.loss.restoreContext()")
    expect(notice).to_be_hidden()


def test_ranks_and_curves_follow_the_same_cursor(cloud: Cloud) -> None:
    frames = np.stack([CROSS, CROSS, CROSS])
    ranks = np.array([[[1, 2]], [[2, 3]], [[3, 2]]])
    more = rank_arrays(ranks, 5) | curve_arrays({"loss": [3, 2.5, 0.125]}, 3)
    curves = [{"name": "loss", "label": "Loss"}]
    panels = ("cloud", "bump", "curves")
    words = ["apple", "banana", "berry", "cherry", "date"]
    cloud.show(frames, words, panels=panels, more=more, curves=curves)
    number = cloud.page.locator(".curves-number")
    expect(number).to_have_text("3.0000")
    cloud.page.keyboard.press("End")
    expect(number).to_have_text("0.1250")
    chart = cloud.page.locator(".u-bump canvas")
    box = chart.bounding_box()
    assert box is not None
    # The list of the cursor's frame at the right: cherry, then berry.
    cloud.page.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] * 0.25)
    expect(cloud.page.locator(".u-position")).to_contain_text("3 / 3")
    cloud.page.wait_for_function("window.rests.at(-1)?.unit === 3")
