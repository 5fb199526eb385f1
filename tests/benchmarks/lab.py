"""The gradient lab's sliders, in a real browser: from the move to the redrawn pictures.

``vanishing-radius-to-redraw-ms``: the spectral radius moved by one notch, all four pictures and
the caption of *Vanishing and exploding* painted again, in the browser alone.
``vanishing-slider-to-redraw-ms``: the seed, each time one never seen before: a new network is
drawn on the server, run at every spectral radius and sent. ``vanishing-disturbance-to-redraw-ms``:
the radius at which a disturbance is followed. The reference is the plain app's slider.

``gates-hold-to-redraw-ms``: the value at which the forget gates of *Why gates help* are held, each
time one never seen before: states, predictions and gradients are computed again and drawn beside
the old ones. ``gates-disturb-to-redraw-ms``: the step after which the memory is disturbed.

``bptt-loss-to-redraw-ms``: the step of the loss on *Backpropagation through time* moved by one, all
terms and the opened chain of a network of 64 units and a text of 60 characters drawn again, in the
browser alone. ``bptt-window-to-redraw-ms``: the number of copies that truncation keeps.
"""

from __future__ import annotations

import statistics
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.browser import _app, _can_run, _plain_page, _screen, _slid
from tests.benchmarks.result import Result

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLIDER_MS = 200.0
RUNS, WARM = 15, 3

# Milliseconds from `act` to the frame after the one that shows another caption; where there is
# nothing to do here, the last key counts as the action.
VANISHING_REDRAWN = """async ({ notch, patience }) => {
  const stage = () => [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-stage")).find(Boolean);
  const said = () => stage()?.querySelector(".verdict-line")?.textContent ?? "";
  const before = notch === null ? window.saidBefore : said();
  let start = window.times.acted;
  if (notch !== null) {
    const slider = stage().querySelector(".u-scrubber");
    start = performance.now();
    slider.value = notch;
    slider.dispatchEvent(new Event("input"));
  }
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    if (!said() || said() === before) continue;
    await new Promise(requestAnimationFrame);
    window.saidBefore = said();
    return performance.now() - start;
  }
  throw new Error("not redrawn: " + before);
}"""

REMEMBER = """() => {
  const stage = [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-stage")).find(Boolean);
  window.saidBefore = stage.querySelector(".verdict-line").textContent;
}"""

# What the page on gates shows, part by part: the stage's sentence; the dots of the first chart and
# the lines of the second. A drawing is over when every part is another one.
GATES_STAGE = """() => [[...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-sentence")).find(Boolean)?.textContent]"""
GATES_CHARTS = """() => [...document.querySelectorAll(".js-plotly-plot")].map((chart, at) =>
    [...chart.querySelectorAll(at ? ".js-line" : ".point")]
      .map((mark) => mark.getAttribute("d") + mark.getAttribute("transform")).join())"""
GATES_REDRAWN = """async ([before, patience]) => {
  const shown = SHOWN;
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const now = shown();
    if (!now.length || now.some((part, at) => !part || part === before[at])) continue;
    await new Promise(requestAnimationFrame);
    return performance.now() - window.times.acted;
  }
  throw new Error("not redrawn: " + before);
}"""


# Milliseconds from a slider's move to the frame after the one that says something else.
BPTT_REDRAWN = """async ([focus, value, said]) => {
  const stage = [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-stage")).find(Boolean);
  const words = () => stage.querySelector(said).textContent;
  const slider = stage.querySelector(`[data-focus="${focus}"]`);
  const before = words();
  const start = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
  while (performance.now() < start + 5000) {
    await new Promise(requestAnimationFrame);
    if (words() === before) continue;
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
  }
  throw new Error("not redrawn: " + before);
}"""
BPTT_TEXT = "The owl sings (2: la la). The owl sings (3: la la la). The o"


def bptt() -> list[Result]:
    """Medians of the waits on page *Backpropagation through time*, in ms."""
    if not _can_run():
        return []
    long = {"bptt_model": "grammar-elman", "bptt_text": BPTT_TEXT}
    with _app("ours") as (server, browser):
        screen = _screen(browser, server).open("bptt", **long)
        loss = _dragged(screen.page, "bptt-loss", ".bptt-live")
        screen.open("bptt", bptt_part="cut", **long)
        window = _dragged(screen.page, "bptt-window", ".u-cut .bptt-line")
    with _app("plain") as (server, browser):
        plain = _slid(_plain_page(browser, server))
    return [
        _line("bptt-loss-to-redraw-ms", loss, plain),
        _line("bptt-window-to-redraw-ms", window, plain),
    ]


def _dragged(page: Page, focus: str, said: str) -> list[float]:
    """Move a slider of the stage by one notch, again and again."""
    notches = range(30, 30 + WARM + RUNS)
    return [page.evaluate(BPTT_REDRAWN, [focus, notch, said]) for notch in notches][WARM:]


def vanishing() -> list[Result]:
    """Medians of the waits on page *Vanishing and exploding*, in ms."""
    if not _can_run():
        return []
    with _app("ours") as (server, browser):
        screen = _screen(browser, server).open("vanishing")
        moved = [
            screen.page.evaluate(VANISHING_REDRAWN, {"notch": notch, "patience": 5000})
            for notch in range(5, 5 + WARM + RUNS)
        ][WARM:]
        drawn = _pressed(screen.page, screen.texts("vanishing.seed"))
        screen.open("vanishing", v_part="ripple", t=9)
        followed = _pressed(screen.page, screen.texts("vanishing.radius_scrubber"))
    with _app("plain") as (server, browser):
        plain = _slid(_plain_page(browser, server))
    return [
        _line("vanishing-radius-to-redraw-ms", moved, plain),
        _line("vanishing-slider-to-redraw-ms", drawn, plain),
        _line("vanishing-disturbance-to-redraw-ms", followed, plain),
    ]


def _pressed(page: Page, label: str) -> list[float]:
    """Move a slider of the sidebar by one notch, again and again."""
    slider = page.get_by_test_id("stSidebar").get_by_role("slider", name=label)
    slider.press("Home")
    page.wait_for_timeout(1500)
    times = []
    for _ in range(RUNS - WARM):
        page.evaluate(REMEMBER)
        slider.press("ArrowRight")
        times.append(page.evaluate(VANISHING_REDRAWN, {"notch": None, "patience": 20_000}))
        page.wait_for_timeout(500)
    return times[WARM:]


def gates() -> list[Result]:
    """Medians of the waits on page *Why gates help*, in ms; its network reads 96 characters."""
    if not _can_run():
        return []
    with _app("ours") as (server, browser):
        screen = _screen(browser, server).open("gates", gates_part="hold", gates_value="0.05")
        held = _slid_until(screen.page, screen.texts("gates.value"), GATES_STAGE)
        screen.open("gates", gates_part="ledger")
        screen.page.get_by_role("radio", name=screen.texts("gates.part_lasting")).click()
        label = screen.texts("gates.disturbed")
        disturbed = _slid_until(screen.page, label, GATES_CHARTS)
    with _app("plain") as (server, browser):
        plain = _slid(_plain_page(browser, server))
    return [
        _line("gates-hold-to-redraw-ms", held, plain),
        _line("gates-disturb-to-redraw-ms", disturbed, plain),
    ]


def _slid_until(page: Page, label: str, shown: str) -> list[float]:
    """Move a slider by one notch again and again, each time until all of ``shown`` is new."""
    slider = page.get_by_role("slider", name=label)
    slider.wait_for()
    page.wait_for_timeout(2000)
    times = []
    for _ in range(WARM + RUNS):
        before = page.evaluate(shown)
        slider.press("ArrowRight")
        times.append(page.evaluate(GATES_REDRAWN.replace("SHOWN", shown), [before, 20_000]))
        page.wait_for_timeout(500)
    return times[WARM:]


def _line(name: str, ours: list[float], plain: list[float]) -> Result:
    mine, reference = statistics.median(ours), statistics.median(plain)
    print(f"{name}: {min(ours):.0f} to {max(ours):.0f}", file=sys.stderr)
    return Result(name, mine, reference, mine / reference, SLIDER_MS, mine <= SLIDER_MS)


BENCHMARKS = {
    (
        "vanishing-radius-to-redraw-ms",
        "vanishing-slider-to-redraw-ms",
        "vanishing-disturbance-to-redraw-ms",
    ): vanishing,
    ("gates-hold-to-redraw-ms", "gates-disturb-to-redraw-ms"): gates,
    ("bptt-loss-to-redraw-ms", "bptt-window-to-redraw-ms"): bptt,
}
