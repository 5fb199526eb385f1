"""Make the shipped races: ``python -m core.race`` (competitors), ``python -m core.race variants``.

It says beforehand how long it will take. Every run is written at once; the same command goes on
where it was stopped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from core.race.forecast import forecast
from core.race.grid import Grid, race
from core.race.grid_file import resumed, save_grid
from core.race.plans import FOLDER, PLANS

STOPPED = 130  # what shells give for a program stopped by Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing of a grid; 0 when it is finished, 130 when it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m core.race", description=__doc__)
    parser.add_argument("plan", nargs="?", default="competitors", choices=PLANS)
    parser.add_argument("--out", type=Path, help="file (default: assets/race/PLAN.json)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--tasks", nargs="+", metavar="TASK", help="only these now")
    parser.add_argument("--competitors", nargs="+", metavar="NAME", help="only these now")
    chosen = parser.parse_args(arguments)
    plan = PLANS[chosen.plan]
    for name in ("tasks", "competitors"):
        known = getattr(plan, name)
        unknown = sorted(set(getattr(chosen, name) or ()) - set(known))
        if unknown:
            parser.error(f"{unknown[0]!r} is not raced; choose from {', '.join(known)}.")
    torch.set_num_threads(chosen.threads)
    path = chosen.out or FOLDER / f"{chosen.plan}.json"
    try:
        grid = resumed(path, plan)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        _follow(grid, path, chosen.tasks, chosen.competitors)
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on with {path}.")
        return STOPPED
    return 0


def _follow(grid: Grid, path: Path, tasks: list[str] | None, competitors: list[str] | None) -> None:
    """Run to the end, writing the file after every run."""
    if not grid.finished:
        left = forecast(grid)
        print(
            f"{grid.share:.0%} is done. The rest takes about {_spoken(left.likely)} of processor "
            f"time, at most {_spoken(left.longest)}."
        )
    with tqdm(total=1.0, initial=grid.share, bar_format="{l_bar}{bar}| {elapsed} {desc}") as bar:
        for run in race(grid, tasks=tasks, competitors=competitors):
            save_grid(path, grid)
            bar.set_description(
                f"{run.task} {run.delay} {run.competitor}, {run.start}, {run.rate:g}, seed "
                f"{run.seed}: {run.score:.3f} after {run.updates}"
            )
            bar.update(grid.share - bar.n)
    save_grid(path, grid)


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


if __name__ == "__main__":
    raise SystemExit(main())
