"""A grid of races: every task with every delay, competitor, start and seed, run by run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from core.race.competitors import starts_for
from core.race.protocol import Member, Outcome, Protocol, train
from core.tasks.memory import make_task

FAILURES = 2  # delays in a row that no seed solves, after which longer ones are not tried


@dataclass(frozen=True)
class Plan:
    """What is raced: every task with every delay, competitor, start and seed, by one protocol.

    starts: competitor -> the starts by which it takes part.
    Raises ValueError for a part that is empty, delays that do not grow, a start that does not
    fit its competitor, or a seed that the rates are chosen with.
    """

    tasks: tuple[str, ...]
    delays: tuple[int, ...]
    starts: dict[str, tuple[str, ...]]
    seeds: tuple[int, ...]
    protocol: Protocol = field(default_factory=Protocol)

    def __post_init__(self) -> None:
        for name in ("tasks", "delays", "starts", "seeds"):
            if not getattr(self, name):
                raise ValueError(f"The plan has no {name}; expected at least one.")
        if list(self.delays) != sorted(set(self.delays)):
            raise ValueError(f"delays are {self.delays}; expected growing numbers.")
        for competitor, starts in self.starts.items():
            known = starts_for(competitor)
            if not starts or not set(starts) <= set(known):
                raise ValueError(
                    f"{competitor!r} is to start by {starts}; choose from {', '.join(known)}."
                )
        shared = set(self.seeds) & set(self.protocol.sweep_seeds)
        if shared:
            raise ValueError(
                f"Seed {min(shared)} chooses the rates and would count too; take other seeds."
            )

    @property
    def competitors(self) -> tuple[str, ...]:
        """Who takes part, in the plan's order."""
        return tuple(self.starts)

    @property
    def lanes(self) -> tuple[tuple[str, str], ...]:
        """Every competitor with each of its starts."""
        return tuple((kind, start) for kind, starts in self.starts.items() for start in starts)


@dataclass(frozen=True)
class Run:
    """One finished run of the grid, with what came of it.

    A run whose seed is one of the protocol's ``sweep_seeds`` helped to choose the rate and
    counts for nothing else. ended, seconds: as in ``core.race.protocol.Outcome``.
    """

    task: str
    delay: int
    competitor: str
    start: str
    rate: float
    seed: int
    score: float
    solved: bool
    updates: int
    ended: str
    seconds: float
    hidden: int
    parameters: int


@dataclass
class Grid:
    """A plan with the runs that are finished."""

    plan: Plan
    runs: list[Run] = field(default_factory=list)

    def of(self, task: str, competitor: str, delay: int, *, start: str | None = None) -> list[Run]:
        """The runs there that count, by one start or by any."""
        wanted = (task, competitor, delay)
        return [
            run
            for run in self.runs
            if (run.task, run.competitor, run.delay) == wanted
            and run.seed in self.plan.seeds
            and (start is None or run.start == start)
        ]

    def sweep(self, task: str, competitor: str, start: str) -> list[Run]:
        """The runs by which the learning rate is chosen."""
        wanted = (task, competitor, start)
        return [
            run
            for run in self.runs
            if (run.task, run.competitor, run.start) == wanted
            and run.seed in self.plan.protocol.sweep_seeds
        ]

    def rate(self, task: str, competitor: str, start: str) -> float | None:
        """The rate that needs the least effort in the sweep; None before it is finished."""
        protocol, runs = self.plan.protocol, self.sweep(task, competitor, start)
        if len(runs) < _sweep_size(protocol):
            return None
        return min(
            protocol.rates,
            key=lambda rate: sum(effort(run, protocol) for run in runs if run.rate == rate),
        )

    def skipped(self, task: str, competitor: str, start: str) -> list[int]:
        """Delays that are not tried, because no seed had solved the two before them."""
        failures, found = 0, []
        for delay in self.plan.delays:
            runs = self.of(task, competitor, delay, start=start)
            if failures >= FAILURES:
                found.append(delay)
            elif len(runs) < len(self.plan.seeds):
                break
            else:
                failures = 0 if any(run.solved for run in runs) else failures + 1
        return found

    def missing(self, task: str, competitor: str, start: str) -> list[int]:
        """Delays that are still to be run, whole or in part."""
        skipped = self.skipped(task, competitor, start)
        return [
            delay
            for delay in self.plan.delays
            if delay not in skipped
            and len(self.of(task, competitor, delay, start=start)) < len(self.plan.seeds)
        ]

    @property
    def finished(self) -> bool:
        """Whether every place of the plan was run or skipped."""
        return not any(
            self.missing(task, *lane) for task in self.plan.tasks for lane in self.plan.lanes
        )

    @property
    def share(self) -> float:
        """How much of the plan is done, from 0 to 1; what is skipped counts as done."""
        plan = self.plan
        seeds, sweep = len(plan.seeds), _sweep_size(plan.protocol)
        skipped = sum(len(self.skipped(task, *lane)) for task in plan.tasks for lane in plan.lanes)
        places = len(plan.tasks) * len(plan.lanes) * (len(plan.delays) * seeds + sweep)
        return (len(self.runs) + skipped * seeds) / places


def effort(run: Run, protocol: Protocol) -> float:
    """Updates until solved; of a run that did not solve, the budget and more the worse it scored.

    So whoever solved is before whoever did not, and it makes no difference how one of those ended.
    """
    return run.updates if run.solved else protocol.updates * (2 - run.score)


def _sweep_size(protocol: Protocol) -> int:
    return len(protocol.rates) * len(protocol.sweep_delays) * len(protocol.sweep_seeds)


Report = Callable[[str, float], None]


def race(
    grid: Grid,
    report: Report | None = None,
    *,
    tasks: Sequence[str] | None = None,
    competitors: Sequence[str] | None = None,
) -> Iterator[Run]:
    """Run what is missing in ``grid``, add it there, and hand on each run as it ends.

    For each task and competitor with one start: the learning rate is chosen in a sweep, then
    all seeds run at it, delay by delay, until two in a row were solved by none.
    tasks, competitors: only these now; all of the plan without.
    ``report`` hears what is being run and the best score so far, at every check.
    """
    for task in tasks or grid.plan.tasks:
        for competitor, start in grid.plan.lanes:
            if competitors and competitor not in competitors:
                continue
            yield from _sweep(grid, task, competitor, start, report)
            while missing := grid.missing(task, competitor, start):
                rate = grid.rate(task, competitor, start)
                if rate is None:
                    raise RuntimeError(f"The sweep of {competitor}, {start} has not been run.")
                done = {run.seed for run in grid.of(task, competitor, missing[0], start=start)}
                members = [Member(start, rate, s) for s in grid.plan.seeds if s not in done]
                yield from _team(grid, task, competitor, missing[0], members, report)


def _sweep(
    grid: Grid, task: str, competitor: str, start: str, report: Report | None
) -> Iterator[Run]:
    """Whatever the choice of the learning rate still needs."""
    protocol = grid.plan.protocol
    done = {(run.delay, run.rate, run.seed) for run in grid.sweep(task, competitor, start)}
    for delay in protocol.sweep_delays:
        members = [
            Member(start, rate, seed)
            for seed in protocol.sweep_seeds
            for rate in protocol.rates
            if (delay, rate, seed) not in done
        ]
        if members:
            yield from _team(grid, task, competitor, delay, members, report)


def _team(
    grid: Grid,
    task: str,
    competitor: str,
    delay: int,
    members: Sequence[Member],
    report: Report | None,
) -> Iterator[Run]:
    def say(updates: int, score: float) -> None:
        if report is not None:
            report(f"{task} {delay} · {competitor}, {members[0].start} · {updates}", score)

    trained = train(competitor, make_task(task, delay), members, grid.plan.protocol, report=say)
    for member, outcome in trained:
        run = _finished(task, delay, competitor, member, outcome)
        grid.runs.append(run)
        yield run


def _finished(task: str, delay: int, competitor: str, member: Member, outcome: Outcome) -> Run:
    return Run(
        task=task,
        delay=delay,
        competitor=competitor,
        start=member.start,
        rate=member.rate,
        seed=member.seed,
        score=round(outcome.score, 4),
        solved=outcome.solved,
        updates=outcome.updates,
        ended=outcome.ended,
        seconds=round(outcome.seconds, 2),
        hidden=outcome.hidden,
        parameters=outcome.parameters,
    )
