"""A grid of races in one JSON file, written after every run: it goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.files import write_whole
from core.race.protocol import Outcome, Protocol, best_rate, run
from core.tasks.memory import make_task

VERSION = 1
FAILURES = 2  # delays in a row that no seed solves, after which longer ones are not tried


@dataclass(frozen=True)
class Plan:
    """What is raced: every task with every delay, competitor and seed, by one protocol.

    Raises ValueError for a part that is empty or delays that do not grow.
    """

    tasks: tuple[str, ...]
    delays: tuple[int, ...]
    competitors: tuple[str, ...]
    seeds: tuple[int, ...]
    protocol: Protocol = field(default_factory=Protocol)

    def __post_init__(self) -> None:
        for name in ("tasks", "delays", "competitors", "seeds"):
            if not getattr(self, name):
                raise ValueError(f"The plan has no {name}; expected at least one.")
        if list(self.delays) != sorted(set(self.delays)):
            raise ValueError(f"delays are {self.delays}; expected growing numbers.")


@dataclass(frozen=True)
class Run:
    """One finished run of the grid, with what came of it."""

    task: str
    delay: int
    competitor: str
    seed: int
    rate: float
    score: float
    solved: bool
    updates: int
    seconds: float
    hidden: int
    parameters: int
    curve: tuple[tuple[int, float], ...] = ()
    broke_off: bool = False


@dataclass
class Grid:
    """A plan with the runs that are finished.

    rates: task -> competitor -> the learning rate found. skipped: (task, competitor, delay)
    not tried, because no seed had solved the two delays before.
    """

    plan: Plan
    rates: dict[str, dict[str, float]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    skipped: list[tuple[str, str, int]] = field(default_factory=list)

    def of(self, task: str, competitor: str, delay: int) -> list[Run]:
        """The runs of every seed there."""
        wanted = (task, competitor, delay)
        return [run for run in self.runs if (run.task, run.competitor, run.delay) == wanted]

    @property
    def finished(self) -> bool:
        """Whether every place of the plan was run or skipped."""
        return self.share >= 1

    @property
    def share(self) -> float:
        """How much of the plan is done, from 0 to 1; what was skipped counts as done."""
        plan = self.plan
        seeds = len(plan.seeds)
        places = len(plan.tasks) * len(plan.delays) * len(plan.competitors) * seeds
        return (len(self.runs) + len(self.skipped) * seeds) / places


Report = Callable[[str, float], None]


def race(grid: Grid, report: Report | None = None) -> Iterator[Run]:
    """Run what is missing in ``grid``, one run at a time, and add it there.

    ``report`` hears what is being run and its score so far, at every check.
    """
    plan = grid.plan
    for task in plan.tasks:
        for competitor in plan.competitors:
            yield from _one(grid, task, competitor, report)


def _one(grid: Grid, task: str, competitor: str, report: Report | None) -> Iterator[Run]:
    """All delays of one competitor on one task, until it fails twice in a row."""
    plan, failures = grid.plan, 0
    for delay in plan.delays:
        if failures >= FAILURES:
            if (task, competitor, delay) not in grid.skipped:
                grid.skipped.append((task, competitor, delay))
            continue
        done = {run.seed for run in grid.of(task, competitor, delay)}
        for seed in plan.seeds:
            if seed in done:
                continue

            def say(updates: int, score: float, delay: int = delay, seed: int = seed) -> None:
                if report is not None:
                    report(f"{task} {delay} · {competitor} · seed {seed}", score)

            rate = _rate(grid, task, competitor, say)
            outcome = run(
                competitor,
                make_task(task, delay),
                seed=seed,
                rate=rate,
                protocol=plan.protocol,
                report=say,
            )
            made = _finished(task, delay, competitor, seed, rate, outcome)
            grid.runs.append(made)
            yield made
        solved = any(run.solved for run in grid.of(task, competitor, delay))
        failures = 0 if solved else failures + 1


def _rate(grid: Grid, task: str, competitor: str, say: Callable[[int, float], None]) -> float:
    known = grid.rates.setdefault(task, {})
    if competitor not in known:
        protocol = grid.plan.protocol
        known[competitor], _ = best_rate(
            competitor, lambda delay: make_task(task, delay), protocol, report=say
        )
    return known[competitor]


def _finished(
    task: str, delay: int, competitor: str, seed: int, rate: float, outcome: Outcome
) -> Run:
    found = asdict(outcome) | {
        "score": round(outcome.score, 4),
        "seconds": round(outcome.seconds, 2),
        "curve": tuple((step, round(value, 3)) for step, value in outcome.curve),
    }
    return Run(task=task, delay=delay, competitor=competitor, seed=seed, rate=rate, **found)


def save_grid(path: Path, grid: Grid) -> None:
    """Write ``grid`` whole: a reader sees the file before or after, never a part."""
    head = {
        "version": VERSION,
        "plan": asdict(grid.plan),
        "rates": grid.rates,
        "skipped": grid.skipped,
    }
    # one run a line: a change is then one line in a history of versions
    lines = ",\n".join(json.dumps(asdict(run)) for run in grid.runs)
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
        return Grid(
            plan=_plan(found["plan"]),
            rates=found["rates"],
            runs=[_run(entry) for entry in found["runs"]],
            skipped=[tuple(entry) for entry in found["skipped"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} holds no grid of races ({error}). Make it again with "
            "'python -m core.race'."
        ) from error


def resumed(path: Path, plan: Plan) -> Grid:
    """The grid in ``path`` where there is one, else an empty one.

    A plan with other competitors, tasks, delays or seeds keeps the runs that are there.
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
    return Grid(plan, grid.rates, [run for run in grid.runs if _belongs(run, plan)])


def _belongs(run: Run, plan: Plan) -> bool:
    return (
        run.task in plan.tasks
        and run.delay in plan.delays
        and run.competitor in plan.competitors
        and run.seed in plan.seeds
    )


def _plan(found: dict[str, Any]) -> Plan:
    protocol: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in found.pop("protocol").items()
    }
    return Plan(
        **{key: tuple(value) for key, value in found.items()}, protocol=Protocol(**protocol)
    )


def _run(found: dict[str, Any]) -> Run:
    return Run(**found | {"curve": tuple(tuple(point) for point in found["curve"])})
