"""A hundred readers at once, each changing a setting every two seconds for half a minute.

A setting is the network or the text, one of the examples that are offered; the readers are
spread over the four recording pages. Measured is the 95th percentile of the seconds from the
change to the last message of the answer. The reference is the plain app under the same readers.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import sys
import time

from explorer.models import SIDE_BY_SIDE, shipped
from tests.benchmarks.apps import App, running
from tests.benchmarks.result import Result
from tests.benchmarks.visitor import Visitor

SESSIONS, EVERY, SECONDS = 100, 2.0, 30.0
TARGET = 0.25
PAGES = ("cell", "unrolled", "states", "gradients")


def sessions() -> list[Result]:
    """The 95th percentile of a rerun's seconds with 100 readers; a failure is a miss."""
    gc.collect()
    gc.freeze()  # the readers share this process: its own collections are not the server's
    ours, failures = measured("ours", PAGES)
    reference, _ = measured("plain", ("",))
    print(
        f"100-sessions: {failures} failures, median {statistics.median(ours):.3f} s, "
        f"plain app {statistics.median(reference):.3f} s",
        file=sys.stderr,
    )
    slow, plain = percentile(ours), percentile(reference)
    ok = slow <= TARGET and failures == 0
    return [Result("100-sessions-p95", slow, plain, slow / plain, TARGET, ok)]


def percentile(times: list[float], hundredth: int = 95) -> float:
    """The value below which so many hundredths of ``times`` lie."""
    return statistics.quantiles(times, n=100)[hundredth - 1]


def measured(app: App, pages: tuple[str, ...]) -> tuple[list[float], int]:
    """The seconds of every rerun, and how many readers failed."""
    with running(app) as server:
        return asyncio.run(crowd(server.url, pages))


async def crowd(url: str, pages: tuple[str, ...]) -> tuple[list[float], int]:
    """All readers arrive, and when all are there they begin to change settings."""
    async with Visitor(url, pages[0]) as first:  # what is imported once is no reader's business
        await first.open()
        await asyncio.sleep(5)
    arrived = asyncio.Barrier(SESSIONS)
    readers = [reader(url, pages[at % len(pages)], at, arrived) for at in range(SESSIONS)]
    found = await asyncio.gather(*readers, return_exceptions=True)
    failures = [one for one in found if isinstance(one, BaseException)]
    for failure in failures[:3]:
        print(f"100-sessions: {failure!r}", file=sys.stderr)
    return [time for one in found if isinstance(one, list) for time in one], len(failures)


async def reader(url: str, page: str, seed: int, arrived: asyncio.Barrier) -> list[float]:
    """One reader: the seconds of each change."""
    chance = random.Random(seed)
    word = [card for card in shipped().values() if card.corpus == "namaskar"][: len(SIDE_BY_SIDE)]
    times = []
    async with Visitor(url, page, {"lang": chance.choice(("en", "zh"))}) as visitor:
        await visitor.open()
        await arrived.wait()
        start = time.perf_counter()
        turn = start + chance.random() * EVERY
        while turn < start + SECONDS:
            await asyncio.sleep(max(0.0, turn - time.perf_counter()))
            models = visitor.options["model"][: len(word)]
            key, values = chance.choice((("model", models), ("text", word[0].examples)))
            times.append(await visitor.choose(key, chance.choice(values)))
            turn = max(turn + EVERY, time.perf_counter())
    return times


BENCHMARKS = {("100-sessions-p95",): sessions}
