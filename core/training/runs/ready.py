"""Good and bad runs to show without waiting: ``python -m core.training.runs.ready`` makes them.

Each differs from a good one in one setting. The page's texts explain them by their ids.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.networks.architecture import Architecture
from core.training.runs.folder import DATA, LOCK, LOG, READY, STATES, RunStore
from core.training.runs.settings import RunSettings
from core.training.runs.worker import train_run
from core.training.settings import TrainingSettings

GOOD = RunSettings(
    "next-character",
    {"corpus": "grammar"},
    Architecture("lstm", 16, embedding_size=0),
    TrainingSettings(
        steps=600, batch=16, unroll=32, learning_rate=0.03, every=10, validate=100, seed=1
    ),
    kept=11,
)
# Gradient descent, if with momentum, takes the gradient as it comes, so here clipping decides.
CLIPPED = replace(
    GOOD,
    architecture=replace(GOOD.architecture, cell="elman"),
    training=replace(GOOD.training, optimizer="sgd", learning_rate=1.0),
)


def _with(good: RunSettings, **training: Any) -> RunSettings:
    return replace(good, training=replace(good.training, **training))


# In the order in which to show them, which is also that of their names
RUNS: dict[str, RunSettings] = {
    "1-good": GOOD,
    "2-rate-too-high": _with(GOOD, learning_rate=3.0),
    "3-saturated-start": replace(GOOD, start_scale=20.0),
    "4-small-batch": _with(GOOD, batch=1),
    "5-short-truncation": _with(GOOD, unroll=1),
    "6-clipped": CLIPPED,
    "7-no-clipping": _with(CLIPPED, clip=None),
}


def make(name: str, folder: Path = READY) -> None:
    """Train the ready-made run of this name again from its seed, in place of the old one."""
    shutil.rmtree(folder / name, ignore_errors=True)
    run = RunStore(folder).create(RUNS[name], name)
    train_run(run.folder)
    for left in (LOCK, LOG, DATA):  # of no use to those who only look
        (run.folder / left).unlink(missing_ok=True)
    shutil.rmtree(run.folder / STATES, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Make every ready-made run, or only the named ones."""
    parser = argparse.ArgumentParser(prog="python -m core.training.runs.ready", description=__doc__)
    parser.add_argument("ids", nargs="*", help="only these (default: all)")
    parser.add_argument("--out", type=Path, default=READY, help="folder (default: assets/runs)")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.ids) - set(RUNS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(RUNS)}")
    for name in chosen.ids or RUNS:
        make(name, chosen.out)
        run = RunStore(chosen.out).open(name)
        last = run.metrics()[-1]
        print(
            f"{name:20} {run.status:9} update {last['step']}, loss {last['loss']:.3f}", flush=True
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
