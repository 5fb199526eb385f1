"""Files that are wrong in every way: each reader opens them or says why not, in time and memory.

``python -m tests.fuzz files`` tries 5,000. Input ``n`` of seed ``s`` is always the same, so what
is listed can be made again with ``made(s, n)``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from tests.fuzz.mutations import mutate
from tests.fuzz.readers import READERS
from tests.memory import peak_memory

SECONDS, BYTES = 5.0, 1e9
"""What one file may take at most: of processor time, and of memory on top."""
HANGING = 120.0
IN_A_PROCESS = 500
PROJECT = Path(__file__).resolve().parents[2]
SIGNED = ("recording", "model")


@dataclass(frozen=True)
class Outcome:
    """What became of one input; ``wrong`` is empty where all was well, ``opened`` if it opened."""

    number: int
    reader: str
    seconds: float = 0.0
    bytes: int = 0
    opened: bool = False
    wrong: str = ""


def made(seed: int, number: int) -> tuple[str, bytes]:
    """The reader and the content of one input."""
    rng = Random(f"{seed}-{number}")
    name = list(READERS)[number % len(READERS)]
    return name, mutate(rng.choice(READERS[name].seeds()), rng, signed=name in SIGNED)


def try_file(seed: int, number: int, folder: Path) -> Outcome:
    """Read one input in this process. Only ValueError may say that it cannot be read."""
    name, data = made(seed, number)
    path = folder / READERS[name].name
    path.write_bytes(data)
    opened, wrong = True, ""
    with peak_memory() as peak:
        started = time.process_time()
        try:
            READERS[name].read(path)
        except ValueError as error:
            opened, wrong = False, "" if str(error).strip() else "refused without a word"
        except Exception as error:  # whatever it is, it is what this looks for
            opened, wrong = False, f"{type(error).__name__}: {error}"[:300]
        seconds = time.process_time() - started
    if not wrong and seconds > SECONDS:
        wrong = f"took {seconds:.1f} s of {len(data):,} bytes"
    if not wrong and peak.bytes > BYTES:
        wrong = f"took {peak.bytes / 1e9:.1f} GB of {len(data):,} bytes"
    return Outcome(number, name, seconds, peak.bytes, opened, wrong)


def outcomes(first: int, last: int, seed: int) -> Iterator[Outcome]:
    """The inputs from number ``first`` to before ``last``, tried in this process."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            yield try_file(seed, number, Path(folder))


def child(first: int, last: int, seed: int) -> None:
    """Print a line of JSON for each; the parent reads them, also when this process dies."""
    for number in range(first, first + len(READERS)):  # what is loaded once is nobody's memory
        READERS[made(0, number)[0]].seeds()
    for outcome in outcomes(first, last, seed):
        print(json.dumps(asdict(outcome)), flush=True)


def main(count: int, seed: int) -> list[Outcome]:
    """Try ``count`` files in processes of their own; what went wrong is listed and returned."""
    found: list[Outcome] = []
    done = told = 0
    while done < count:
        last = min(count, done + IN_A_PROCESS)
        lines, ending = _run(done, last, seed)
        found += lines
        if done + len(lines) < last:
            number = done + len(lines)
            if not lines and found and found[-1].wrong == ending:
                raise RuntimeError(f"no process tries anything: {ending}")
            found.append(Outcome(number, made(seed, number)[0], wrong=ending))
            done = number + 1
        else:
            done = last
        for one in found[told:]:
            if one.wrong:
                print(f"made({seed}, {one.number}), {one.reader}: {one.wrong}")
        told = len(found)
        print(f"{done:,} files tried, {sum(bool(one.wrong) for one in found)} wrong", flush=True)
    wrong = [one for one in found if one.wrong]
    slowest, largest = (max(found, key=lambda one: getattr(one, of)) for of in ("seconds", "bytes"))
    print(
        f"{sum(one.opened for one in found):,} opened; slowest {slowest.seconds:.2f} s "
        f"({slowest.reader}, {slowest.number}); most memory {largest.bytes / 1e6:.0f} MB "
        f"({largest.reader}, {largest.number})"
    )
    return wrong


def _run(first: int, last: int, seed: int) -> tuple[list[Outcome], str]:
    """What a process of its own says of its inputs, and how it ended."""
    code = f"from tests.fuzz.files import child; child({first}, {last}, {seed})"
    try:
        ended = subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=HANGING + (last - first) * SECONDS,
            check=False,
        )
        said, ending = (
            ended.stdout,
            f"the process ended with {ended.returncode}: {ended.stderr[-300:]}",
        )
    except subprocess.TimeoutExpired as error:
        partial = error.stdout or b""
        said = partial.decode() if isinstance(partial, bytes) else partial
        ending = "did not come to an end"
    lines = [line for line in said.split("\n") if line.endswith("}")]
    return [Outcome(**json.loads(line)) for line in lines], ending
