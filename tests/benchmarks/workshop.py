"""The other pages while four runs train at once, in a real browser.

``key-press-under-four-runs-ms``: from the key that commits a text to the redrawn stage and chart
of *States over time*, as in browser.py, while four runs train in the same server. The reference is
the same wait just before, with nothing training.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.networks.architecture import Architecture
from core.training.runs.folder import RunStore
from core.training.runs.settings import RunSettings
from core.training.settings import TrainingSettings
from tests.benchmarks.browser import _app, _can_run, _screen, _typed
from tests.benchmarks.result import Result

if TYPE_CHECKING:
    from tests.browser.screen import Screen

KEY_PRESS_MS = 200.0
RUNS = 4
PATIENCE = 180_000
TRAINED = TrainingSettings(steps=1_000_000, batch=32, unroll=64, every=10, validate=5000)


def under_four_runs() -> list[Result]:
    """Medians of the wait, in ms, with four runs and with none."""
    if not _can_run():
        return []
    with _folder_of_runs(), _app("ours") as (server, browser):
        screen = _screen(browser, server)
        screen.open("states", text="namaskar")
        alone = _typed(screen.page, screen.texts("sidebar.text"))
        _start_all(screen)
        screen.open("states", text="namaskar")
        screen.page.wait_for_timeout(2000)
        busy = _typed(screen.page, screen.texts("sidebar.text"))
        rates = _stop_all(screen)
    print(f"key-press-under-four-runs-ms: {min(busy):.0f} to {max(busy):.0f}", file=sys.stderr)
    print(f"key-press-under-four-runs-ms: the runs did {rates}", file=sys.stderr)
    mine, reference = statistics.median(busy), statistics.median(alone)
    return [
        Result(
            "key-press-under-four-runs-ms",
            mine,
            reference,
            mine / reference,
            KEY_PRESS_MS,
            mine <= KEY_PRESS_MS,
        )
    ]


@contextmanager
def _folder_of_runs() -> Iterator[RunStore]:
    """A folder with four runs that have not begun, which the app takes for the reader's."""
    before = {name: os.environ.get(name) for name in ("UNROLLED_RUNS", "UNROLLED_WORKERS")}
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(folder)
        for number in range(RUNS):
            cell = ("lstm", "gru", "elman", "lstm")[number]
            store.create(
                RunSettings(
                    "next-character",
                    {"corpus": "grammar"},
                    Architecture(cell, hidden_size=64),
                    TRAINED,
                    title=f"Run {number + 1}",
                )
            )
        os.environ.update(UNROLLED_RUNS=folder, UNROLLED_WORKERS=str(RUNS))
        try:
            yield store
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name)
                else:
                    os.environ[name] = value


def _start_all(screen: Screen) -> None:
    """Press the button of every run, and wait until all of them train."""
    page, texts = screen.page, screen.texts
    page.goto(f"{screen.url}/workshop?lang=en&ws_part=runs")
    for _ in range(RUNS):
        page.get_by_role("button", name=texts("workshop.resume")).first.click()
        screen.settle()
        page.wait_for_timeout(500)
    page.wait_for_function(
        "([word, count]) => document.body.innerText.split(word).length > count",
        arg=[texts("workshop.said_rate", rate="").strip(), RUNS],
        timeout=PATIENCE,
    )


def _stop_all(screen: Screen) -> list[str]:
    """Stop the runs; how far each of them came, to show that they were training."""
    page, texts = screen.page, screen.texts
    page.goto(f"{screen.url}/workshop?lang=en&ws_part=runs")
    stop = page.get_by_role("button", name=texts("workshop.stop"), exact=True)
    stop.first.wait_for()
    done = [
        line
        for line in page.locator("body").inner_text().splitlines()
        if line.endswith("updates") and " of " in line
    ]
    for _ in range(RUNS):
        stop.first.click()
        page.wait_for_timeout(1500)
    return done


BENCHMARKS = {("key-press-under-four-runs-ms",): under_four_runs}
