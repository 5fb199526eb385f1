"""What a reader waits for, in a real browser.

``key-press-to-redraw-ms``: from the key that commits a text to the redrawn stage and chart of
*States over time*, through the server; ``choice-to-redraw-ms``: the same from the click on another
network. The reference is the plain app's chart.

``cursor-fps``: frames a second while the scrubber is moved in every frame, over a recording of 128
units and 200 steps; nothing may be sent to the server meanwhile. The reference is the plain app,
whose line moves with a slider through the server.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import nn

from core import record
from core.recording.trace_file import trace_bytes
from tests.benchmarks.apps import App, running
from tests.benchmarks.result import Result
from tests.browser.server import Server
from tests.conftest import find_chromium, what_is_missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.screen import Screen

REDRAW_MS, FPS = 150.0, 50.0
RUNS, WARM = 15, 3
SECONDS, STEPS, UNITS = 4, 200, 128

# Set before any script of the page runs: when a key or click came, when what was drawn.
WATCH = """(() => {
  const times = (window.times = { acted: 0, charted: 0 });
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowRight") times.acted = performance.now();
  }, true);
  addEventListener("pointerdown", () => (times.acted = performance.now()), true);
  const watched = new WeakSet();
  const look = () => {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (watched.has(chart) || !chart.on) continue;
      watched.add(chart);
      times.charted = performance.now();
      chart.on("plotly_afterplot", () => (times.charted = performance.now()));
    }
    const bars = document.querySelector(".saturation")?.innerHTML;
    if (bars !== times.bars) Object.assign(times, { bars, charted: performance.now() });
    requestAnimationFrame(look);
  };
  look();
})()"""

# Milliseconds until both stage and chart were drawn after the last action; a stage that shows
# `mark` is the new one. Where there is no stage, the chart alone counts.
REDRAWN = """async ({ mark, patience }) => {
  const stage = () => [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-stage")).find(Boolean);
  const found = stage();
  let drawn = found ? 0 : performance.now();
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const { acted, charted } = window.times;
    if (!drawn && found.getRootNode().querySelector(".u-stage").textContent.includes(mark)) {
      drawn = performance.now();
    }
    if (drawn && charted > acted) return Math.max(found ? drawn : 0, charted) - acted;
  }
  throw new Error(`not redrawn: stage ${drawn}, chart ${window.times.charted}`);
}"""

MOVE = """async ([seconds, steps]) => {
  const slider = [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".u-scrubber")).find(Boolean);
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < seconds * 1000) {
    await new Promise(requestAnimationFrame);
    slider.value = frames % steps;
    slider.dispatchEvent(new Event("input"));
    frames += 1;
  }
  return frames / ((performance.now() - start) / 1000);
}"""


def redraws() -> list[Result]:
    """Medians of both waits, in ms."""
    if not _can_run():
        return []
    with _app("ours") as (server, browser):
        screen = _screen(browser, server)
        screen.open("states", text="namaskar")
        ours = _typed(screen.page, screen.texts("sidebar.text"))
        chosen = _chosen(screen.page, screen.texts("sidebar.model"))
    with _app("plain") as (server, browser):
        page = _plain_page(browser, server)
        plain = _typed(page, "Text it reads")
        plain_chosen = _chosen(page, "Network")
    return [
        _line("key-press-to-redraw-ms", ours, plain),
        _line("choice-to-redraw-ms", chosen, plain_chosen),
    ]


def cursor() -> list[Result]:
    """Frames a second, and whether the server heard of nothing."""
    if not _can_run():
        return []
    with _app("ours") as (server, browser):
        screen = _screen(browser, server)
        screen.open("states")
        screen.upload("large.safetensors", large_recording())
        screen.at_step(STEPS, STEPS)
        screen.settle()
        screen.page.wait_for_timeout(1000)
        screen.sent.clear()
        fps = statistics.median(screen.page.evaluate(MOVE, [SECONDS, STEPS]) for _ in range(3))
        messages = len(screen.sent)
    with _app("plain") as (server, browser):
        plain = 1000 / statistics.median(_slid(_plain_page(browser, server)))
    print(f"cursor-fps: {messages} messages to the server", file=sys.stderr)
    ok = fps >= FPS and messages == 0
    return [Result("cursor-fps", fps, plain, fps / plain, FPS, ok)]


def large_recording() -> bytes:
    """A recording of 128 units over 200 steps."""
    torch.manual_seed(0)
    (trace,) = record(nn.LSTM(16, UNITS), torch.randn(STEPS, 1, 16)).values()
    return trace_bytes(trace.data)


def _line(name: str, ours: list[float], plain: list[float]) -> Result:
    mine, reference = statistics.median(ours), statistics.median(plain)
    print(f"{name}: {min(ours):.0f} to {max(ours):.0f}", file=sys.stderr)
    return Result(name, mine, reference, mine / reference, REDRAW_MS, mine <= REDRAW_MS)


def _typed(page: Page, label: str) -> list[float]:
    """Type a letter more and commit, again and again, each time a text never read before."""
    field = page.get_by_label(label, exact=True)
    times = []
    for run in range(WARM + RUNS):
        text = "namaskar"[: 2 + run % 6] + "nm"[run % 2] * (1 + run // 2)
        field.fill(text)
        field.press("Control+Enter")
        times.append(_wait(page, f"t = {len(text)} / {len(text)}"))
    return times[WARM:]


def _chosen(page: Page, label: str) -> list[float]:
    """Choose one network after the other; each has a gate that only its stage names."""
    times = []
    for run in range(WARM + RUNS):
        place, gate = ((3, "Update gate"), (2, "Forget gate"))[run % 2]
        page.get_by_role("combobox", name=label).click()
        page.get_by_role("option").nth(place).click()
        times.append(_wait(page, gate))
    return times[WARM:]


def _slid(page: Page) -> list[float]:
    """Move the plain app's line by one step, again and again."""
    page.get_by_label("Text it reads", exact=True).fill("n" * STEPS)
    page.keyboard.press("Control+Enter")
    _wait(page, "")
    page.get_by_role("slider").focus()
    times = []
    for _ in range(WARM + RUNS):
        page.keyboard.press("ArrowRight")
        times.append(_wait(page, ""))
    return times[WARM:]


def _wait(page: Page, mark: str) -> float:
    """Milliseconds from the last action to what it drew; then a pause, as a reader makes one."""
    time = page.evaluate(REDRAWN, {"mark": mark, "patience": 20_000})
    page.wait_for_timeout(400)
    return time


def _can_run() -> bool:
    if missing := what_is_missing():
        print(f"browser: not measured, {missing}", file=sys.stderr)
    return not missing


@contextmanager
def _app(app: App) -> Iterator[tuple[Server, Browser]]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)
    with (
        running(app) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield server, browser
        browser.close()


def _screen(browser: Browser, server: Server) -> Screen:
    from tests.browser.screen import Screen

    screen = Screen(browser.new_page(viewport={"width": 1280, "height": 800}), server.url)
    screen.page.add_init_script(WATCH)
    return screen


def _plain_page(browser: Browser, server: Server) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH)
    page.goto(server.url)
    page.locator(".js-plotly-plot").wait_for(timeout=60_000)
    return page


BENCHMARKS = {
    ("key-press-to-redraw-ms", "choice-to-redraw-ms"): redraws,
    ("cursor-fps",): cursor,
}
