"""A grid of races in one JSON file, written after every run: it goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

from core.files import write_whole
from core.race.grid import Grid, Plan, Run
from core.race.protocol import Protocol

VERSION = 2
COLUMNS = tuple(field.name for field in fields(Run))


def save_grid(path: Path, grid: Grid) -> None:
    """Write ``grid`` whole: a reader sees the file before or after, never a part."""
    head = {"version": VERSION, "plan": asdict(grid.plan), "columns": COLUMNS}
    # one run a line: a change is then one line in a history of versions
    lines = ",\n".join(json.dumps(astuple(run)) for run in grid.runs)
    text = json.dumps(head, indent=1)[:-2] + f',\n "runs": [\n{lines}\n]}}\n'
    write_whole(path, text.encode())


def load_grid(path: Path) -> Grid:
    """The grid that ``save_grid`` wrote.

    Raises FileNotFoundError, and ValueError for a file that holds no grid.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != VERSION:
            raise ValueError(f"version {found['version']}, expected {VERSION}")
        runs = [Run(**dict(zip(found["columns"], row, strict=True))) for row in found["runs"]]
        return Grid(_plan(found["plan"]), runs)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} holds no grid of races ({error}). Make it again with "
            "'python -m core.race'."
        ) from error


def resumed(path: Path, plan: Plan) -> Grid:
    """The grid in ``path`` where there is one, else an empty one.

    A plan with other competitors, starts, tasks, delays or seeds keeps the runs that belong to it.
    Raises ValueError where the file was made by another protocol.
    """
    if not path.is_file():
        return Grid(plan)
    grid = load_grid(path)
    if grid.plan.protocol != plan.protocol:
        raise ValueError(
            f"{path.name} was made by another protocol: {grid.plan.protocol}. Choose another "
            "file, or delete this one."
        )
    return Grid(plan, [run for run in grid.runs if _belongs(run, plan)])


def _belongs(run: Run, plan: Plan) -> bool:
    sweep = run.seed in plan.protocol.sweep_seeds
    return (
        run.task in plan.tasks
        and (run.competitor, run.start) in plan.lanes
        and (sweep or (run.delay in plan.delays and run.seed in plan.seeds))
    )


def _plan(found: dict[str, Any]) -> Plan:
    protocol = {key: _tuple(value) for key, value in found["protocol"].items()}
    starts = {kind: tuple(names) for kind, names in found["starts"].items()}
    rest = {key: tuple(found[key]) for key in ("tasks", "delays", "seeds")}
    return Plan(**rest, starts=starts, protocol=Protocol(**protocol))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
