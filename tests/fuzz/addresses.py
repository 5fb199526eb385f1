"""Addresses that nobody meant: every parameter of every page by its type, and beyond it.

What parameters a page has is learned from the page: whatever it asks the address for is tried
from then on, with the values that it allows and with others. So none can be forgotten.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from tests.fuzz.hostile import value_for
from tests.memory import peak_memory

SECONDS, BYTES = 5.0, 1e9
"""What opening one address may take at most: of processor time, and of memory on top."""
HANGING = 120.0
PROJECT = Path(__file__).resolve().parents[2]
# What a page takes for its whole part is set often: it decides which other parameters there are.
LEADING = ("part", "task", "step", "source", "tool", "model", "projection", "act")


@dataclass
class Known:
    """What a page asks the address for: the default and the allowed values by parameter."""

    parameters: dict[str, dict[str, tuple[str, list[str] | None]]] = field(default_factory=dict)

    def learn(self, page: str, name: str, default: str, allowed: Collection[str] | None) -> None:
        """Remember a parameter; of two askings the one that says what it allows counts."""
        listed = None if allowed is None else [str(value) for value in allowed]
        of_page = self.parameters.setdefault(page, {})
        if name not in of_page or of_page[name][1] is None:
            of_page[name] = (str(default), listed)

    def draw(self, page: str, rng: Random) -> dict[str, str]:
        """An address of this page."""
        address = {"lang": rng.choice(("en", "zh"))}
        share = rng.choice((0.1, 0.3, 0.8))
        for name, (default, allowed) in sorted(self.parameters.get(page, {}).items()):
            leads = name.endswith(LEADING)
            if name != "lang" and rng.random() < (0.6 if leads else share):
                address[name] = value_for(rng, default, allowed)
        return address


@dataclass(frozen=True)
class Outcome:
    """What became of one address; ``wrong`` is empty where all was well."""

    url: str
    seconds: float
    bytes: int
    wrong: str = ""


@contextmanager
def learning(known: Known, page: list[str]) -> Iterator[None]:
    """Listen to what pages ask for while ``page[0]`` is open."""
    from streamlit.runtime.state.query_params_proxy import QueryParamsProxy

    from explorer import address

    asked, get = address.chosen, QueryParamsProxy.get

    def spy_get(self: object, key: str, default: object = None) -> object:
        if isinstance(default, str):
            known.learn(page[0], key, default, None)
        return get(self, key, default)

    def spy_chosen(
        name: str, default: str, allowed: Collection[str] | None = None, **options: int
    ) -> str:
        known.learn(page[0], name, default, allowed)
        return asked(name, default, allowed, **options)

    # Pages take the function itself when they are imported, so its code is exchanged in all.
    spied = [
        (module, name)
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("explorer.")
        for name, value in list(vars(module).items())
        if value is asked
    ]
    QueryParamsProxy.get = spy_get
    for module, name in spied:
        setattr(module, name, spy_chosen)
    try:
        yield
    finally:
        QueryParamsProxy.get = get
        for module, name in spied:
            setattr(module, name, asked)


def pages_of_the_menu() -> tuple[str, ...]:
    """Every page; their modules are imported, so that what they ask for can be heard."""
    from importlib import import_module

    from tests.explorer.menu import PAGES

    for page in PAGES:
        import_module(f"explorer.views.{page}")
    return PAGES


def try_address(page: str, address: dict[str, str]) -> Outcome:
    """Open one address without a browser and see what becomes of it."""
    from tests.explorer.pages import open_page

    url = f"/{page}?{urlencode(address)}"
    wall, busy = time.perf_counter(), time.process_time()
    wrong = ""
    with peak_memory() as peak:
        try:
            app = open_page(page, **address)
            wrong = "; ".join(f"{one.message[:300]}" for one in app.exception)
        except Exception as error:  # whatever it is, it is what this looks for
            wrong = f"{type(error).__name__}: {error}"[:300]
    # On a busy machine the clock runs on while others work; work in background counts as well.
    seconds = min(time.perf_counter() - wall, time.process_time() - busy)
    if not wrong and seconds > SECONDS:
        wrong = f"took {seconds:.1f} s"
    if not wrong and peak.bytes > BYTES:
        wrong = f"took {peak.bytes / 1e9:.1f} GB"
    return Outcome(url, seconds, peak.bytes, wrong)


def outcomes(first: int, last: int, seed: int, on_begin: object = None) -> Iterator[Outcome]:
    """The addresses from number ``first`` to before ``last``, tried in this process."""
    pages = pages_of_the_menu()
    known, page = Known(), [""]
    with learning(known, page):
        for page[0] in pages:  # what each asks for at first
            try_address(page[0], {"lang": "en"})
        for number in range(first, last):
            rng = Random(f"{seed}-{number}")
            page[0] = pages[number % len(pages)]
            address = known.draw(page[0], rng)
            if callable(on_begin):
                on_begin(number, f"/{page[0]}?{urlencode(address)}")
            yield try_address(page[0], address)


def main(count: int, seed: int) -> list[Outcome]:
    """Try ``count`` addresses in a process of their own; what went wrong is listed and returned."""
    found: list[Outcome] = []
    wrong: list[Outcome] = []
    done = 0
    with tempfile.TemporaryDirectory() as folder:
        while done < count:
            for outcome in _child(done, count, seed, folder):
                done += 1
                found.append(outcome)
                if outcome.wrong:
                    wrong.append(outcome)
                    print(f"{outcome.wrong}\n    {outcome.url[:600]}", flush=True)
                if done % 100 == 0:
                    print(f"{done} of {count}: {len(wrong)} wrong", flush=True)
    slowest = max((one.seconds for one in found), default=0.0)
    largest = max((one.bytes for one in found), default=0)
    print(
        f"{done} addresses, seed {seed}: {len(wrong)} wrong; the slowest took {slowest:.1f} s and "
        f"the largest {largest / 1e9:.2f} GB (limits: {SECONDS:.0f} s, {BYTES / 1e9:.0f} GB)."
    )
    return wrong


def _child(first: int, last: int, seed: int, folder: str) -> Iterator[Outcome]:
    """Outcomes from a process that is ended where it hangs; the next one goes on after that."""
    code = f"from tests.fuzz.addresses import child; child({first}, {last}, {seed})"
    environment = os.environ | {"UNROLLED_RUNS": folder, "UNROLLED_RACES": folder}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    url = ""
    try:
        while True:
            ready, _, _ = select.select([process.stdout], [], [], HANGING)
            line = process.stdout.readline() if ready else b""
            if not line:
                if url:
                    what = "hung" if not ready else f"ended the process ({process.poll()})"
                    yield Outcome(url, HANGING, 0, what)
                elif process.wait():
                    raise RuntimeError("the pages could not even be imported; run the tests first")
                return
            said = json.loads(line)
            if "begins" in said:
                url = said["begins"]
            else:
                url = ""
                yield Outcome(**said)
    finally:
        process.kill()
        process.wait()


def child(first: int, last: int, seed: int) -> None:
    """Say on standard output what is begun and what became of it, a line of JSON each."""
    import logging

    logging.disable(logging.CRITICAL)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a page prints is not an outcome

    def say(content: dict[str, object]) -> None:
        print(json.dumps(content), file=out, flush=True)

    for outcome in outcomes(first, last, seed, lambda number, url: say({"begins": url})):
        say(asdict(outcome))
