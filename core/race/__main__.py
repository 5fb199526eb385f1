"""Make the shipped races again: ``python -m core.race`` (competitors), ``... variants``.

Every run is written at once; the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from tqdm import tqdm

from core.race.grid import Grid, race, resumed, save_grid
from core.race.plans import FOLDER, PLANS

STOPPED = 130  # what shells give for a program stopped by Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    """Run what is missing of a grid; 0 when it is finished, 130 when it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m core.race", description=__doc__)
    parser.add_argument("plan", nargs="?", default="competitors", choices=PLANS)
    parser.add_argument("--out", type=Path, help="file (default: assets/race/PLAN.json)")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    path = chosen.out or FOLDER / f"{chosen.plan}.json"
    try:
        grid = resumed(path, PLANS[chosen.plan])
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        _follow(grid, path)
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on with {path}.")
        return STOPPED
    return 0


def _follow(grid: Grid, path: Path) -> None:
    """Run to the end, writing the file after every run."""
    with tqdm(total=1.0, initial=grid.share, bar_format="{l_bar}{bar}| {elapsed} {desc}") as bar:
        for run in race(grid):
            save_grid(path, grid)
            bar.set_description(
                f"{run.task} {run.delay} {run.competitor} seed {run.seed}: {run.score:.3f}"
            )
            bar.update(grid.share - bar.n)
    save_grid(path, grid)  # with what was skipped last


if __name__ == "__main__":
    raise SystemExit(main())
