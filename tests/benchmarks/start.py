"""From the command to a moving network, and how long the next reader waits.

``start-first-page``: seconds from ``streamlit run`` to the moment at which the first page's
network moves, with a browser that is open already. ``start-second-visitor``: seconds from opening
the address to the same moment for somebody else. The reference is the plain app's first chart.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks.apps import App, running
from tests.benchmarks.result import Result
from tests.conftest import find_chromium, what_is_missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RUNS = 3
FIRST, SECOND = 4.0, 1.0

# A stage that is playing has its pause sign, which is drawn with the rest of it.
MOVING = ".u-transport button[data-playing='true']"
CHART = ".js-plotly-plot .main-svg"
# Looked for at every frame, also inside components.
SEEN = """(sign) => [...document.querySelectorAll("*")].map((node) => node.shadowRoot ?? document)
  .some((root) => root?.querySelector(sign))"""


def starts() -> list[Result]:
    """Both waits, each the median of a few starts."""
    if missing := what_is_missing():
        print(f"start: not measured, {missing}", file=sys.stderr)
        return []
    ours = [started("ours", MOVING) for _ in range(RUNS)]
    plain = [started("plain", CHART) for _ in range(RUNS)]
    lines = []
    names = ("start-first-page", "start-second-visitor")
    for name, limit, mine, theirs in zip(names, (FIRST, SECOND), zip(*ours), zip(*plain)):
        median, reference = statistics.median(mine), statistics.median(theirs)
        print(f"{name}: {min(mine):.2f} to {max(mine):.2f} s", file=sys.stderr)
        lines.append(Result(name, median, reference, median / reference, limit, median <= limit))
    return lines


def started(app: App, sign: str) -> tuple[float, float]:
    """Seconds from the command, and for a second visitor, until ``sign`` is seen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        with running(app) as server:
            seen(browser, server.url, sign)
            first = time.monotonic() - server.started
            time.sleep(8)  # what is loaded in the background is loaded by now
            start = time.monotonic()
            seen(browser, server.url, sign)
            second = time.monotonic() - start
        browser.close()
    return first, second


def seen(browser: Browser, url: str, sign: str) -> None:
    """Open ``url`` as a reader who was never here, and wait until ``sign`` is seen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(SEEN, arg=sign, polling="raf", timeout=60_000)
    context.close()


BENCHMARKS = {("start-first-page", "start-second-visitor"): starts}
