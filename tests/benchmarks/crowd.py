"""A class on the heavy pages: a cold start, a hundred readers on each, and what they leave behind.

``cold-start-errors``: visitors that saw an error, or whose stage has no script, when thirty open a
link in the moment in which a server answers for the first time. ``crowd-PAGE-p95``: the 95th
percentile of the seconds from a change to the last message of the answer, with a hundred readers
on that page, each changing a setting every two seconds; the reference is the page *cell* under
the same readers. ``leak``: memory after three such crowds have left, over memory before them (the
largest of the three), once what all share is made; in megabytes.

``UNROLLED_CROWD`` makes the crowd smaller where the machine has other work.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.benchmarks.apps import running
from tests.benchmarks.result import Result
from tests.benchmarks.sessions import percentile
from tests.benchmarks.visitor import Visitor
from tests.browser.server import Server

STARTS, VISITORS = 20, 30
CROWD = int(os.environ.get("UNROLLED_CROWD", "100"))
EVERY, SECONDS = 2.0, 20.0
SLOWEST = 0.5
LEAK, ROUNDS, GONE = 1.15, 3, 130.0
LIGHT = "cell"
OPENED = ("cell", "unrolled", "states", "gradients", "space", "training")

# What readers change on a page: a widget that is always there, and how many of its options.
PAGES: Mapping[str, Mapping[str, int]] = {
    "training": {"part": 2, "corpus": 2},
    "space": {"dimensions": 2, "metric": 2, "tint": 2, "tool": 4},
    "race": {"race_task": 5, "race_delay": 4},
    "variants": {"variants_task": 2, "variants_plain": 2, "variants_open": 4},
    "clipping": {"clip_norm": 3, "clip_radius": 3},
    "workshop": {"w_cell": 4, "w_rate": 4},
    "vanishing": {"v_kind": 3, "v_seed": 3, "v_part": 3},
    "generate": {"g_temperature": 4, "g_seed": 3, "g_part": 2},
    "classify": {"verdict_part": 2, "verdict_in": 2},
    "tagging": {"tag_tickets": 4, "tag_part": 2},
}
CELL = {"model": 4}


def cold_starts() -> list[Result]:
    """How many of all visitors of cold servers saw an error."""
    errors: list[str] = []
    for _ in range(STARTS):
        with running("ours") as server:
            found = asyncio.run(arrive_at_once(server.url))
        errors += [one for one in found if one]
    for error in sorted(set(errors))[:3]:
        print(f"cold-start-errors: {error}", file=sys.stderr)
    count, all_of_them = len(errors), STARTS * VISITORS
    return [Result("cold-start-errors", count, all_of_them, count / all_of_them, 0, count == 0)]


async def arrive_at_once(url: str, visitors: int = VISITORS) -> list[str]:
    """What was wrong for each of so many visitors; empty where nothing was."""
    gate = asyncio.Barrier(visitors)

    async def arrive(number: int) -> str:
        page = OPENED[number % len(OPENED)]
        async with Visitor(url, page, {"lang": ("en", "zh")[number % 2]}) as visitor:
            await gate.wait()
            try:
                await visitor.open()
            except (RuntimeError, ConnectionError, TimeoutError) as error:
                return str(error) or repr(error)
            return await asyncio.to_thread(missing_script, url, visitor)

    return list(await asyncio.gather(*(arrive(number) for number in range(visitors))))


def missing_script(url: str, visitor: Visitor) -> str:
    """What is wrong with the script of the stage that a visitor was sent; empty for nothing."""
    if not visitor.scripts:
        return "no stage was sent"
    for script in visitor.scripts:
        try:
            with urlopen(f"{url}/_stcore/bidi-components/{script}", timeout=30) as answer:
                if not answer.read():
                    return f"{script} is empty"
        except URLError as error:
            return f"{script}: {error}"
    return ""


def crowds() -> list[Result]:
    """The slowest twentieth on each of the pages, beside the light one."""
    lines = []
    with running("ours") as server:
        light, failures = asyncio.run(crowd(server.url, LIGHT, CELL))
        reference = percentile(light)
        said(LIGHT, light, failures)
        for page, changes in PAGES.items():
            times, failures = asyncio.run(crowd(server.url, page, changes))
            said(page, times, failures)
            slow = percentile(times)
            ok = slow <= SLOWEST and failures == 0
            lines.append(
                Result(f"crowd-{page}-p95", slow, reference, slow / reference, SLOWEST, ok)
            )
    return lines


def said(page: str, times: list[float], failures: int) -> None:
    """What the table has no room for."""
    load = f"{CROWD} readers, load average {os.getloadavg()[0]:.1f}"
    median = statistics.median(times)
    print(
        f"crowd-{page}: {len(times)} changes, {failures} failed, median {median:.3f} s; {load}",
        file=sys.stderr,
    )


async def crowd(
    url: str, page: str, changes: Mapping[str, int], seconds: float = SECONDS
) -> tuple[list[float], int]:
    """The seconds of every change of all readers of a page, and how many of them failed."""
    async with Visitor(url, page, {"lang": "en"}) as first:
        await first.open()
    arrived = asyncio.Barrier(CROWD)
    readers = [reader(url, page, changes, at, arrived, seconds) for at in range(CROWD)]
    found = await asyncio.gather(*readers, return_exceptions=True)
    failures = [one for one in found if isinstance(one, BaseException)]
    for failure in failures[:3]:
        print(f"crowd-{page}: {failure!r}", file=sys.stderr)
    return [time for one in found if isinstance(one, list) for time in one], len(failures)


async def reader(
    url: str,
    page: str,
    changes: Mapping[str, int],
    seed: int,
    arrived: asyncio.Barrier,
    seconds: float,
) -> list[float]:
    """One reader: the seconds of each change."""
    chance = random.Random(seed)
    times = []
    async with Visitor(url, page, {"lang": chance.choice(("en", "zh"))}) as visitor:
        await visitor.open()
        try:
            await asyncio.wait_for(arrived.wait(), 120)
        except TimeoutError as error:
            raise TimeoutError(f"not all readers of {page} arrived") from error
        start = time.perf_counter()
        turn = start + chance.random() * EVERY
        while turn < start + seconds:
            await asyncio.sleep(max(0.0, turn - time.perf_counter()))
            key = chance.choice([key for key in changes if key in visitor.widgets])
            times.append(
                await visitor.choose(key, chance.choice(visitor.options[key][: changes[key]]))
            )
            turn = max(turn + EVERY, time.perf_counter())
    return times


def leaks() -> list[Result]:
    """Memory before and after crowds that go through all pages and leave."""
    with running("ours") as server:
        asyncio.run(walk(server))
        time.sleep(GONE)
        before = memory(server)
        after = []
        for number in range(ROUNDS):
            asyncio.run(walk(server))
            here = memory(server)
            time.sleep(GONE)
            after.append(memory(server))
            print(
                f"leak: round {number + 1}, {before:.0f} MB before, {here:.0f} MB with "
                f"{CROWD} readers, {after[-1]:.0f} MB after them",
                file=sys.stderr,
            )
    most = max(after)
    return [Result("leak-mb", most, before, most / before, LEAK, most <= LEAK * before)]


async def walk(server: Server) -> None:
    """A crowd on every page, one after the other."""
    for page, changes in {LIGHT: CELL, **PAGES}.items():
        await crowd(server.url, page, changes, seconds=2 * EVERY)


def memory(server: Server) -> float:
    """Megabytes that the server holds."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


BENCHMARKS = {
    ("cold-start-errors",): cold_starts,
    tuple(f"crowd-{page}-p95" for page in PAGES): crowds,
    ("leak-mb",): leaks,
}
