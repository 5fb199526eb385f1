"""Sentences about a race, computed from its grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.charts.lab_race import CLAIMED
from explorer.lab.race_lines import lane_name
from explorer.lab.race_names import competitor_name, start_name, task_name
from explorer.language import Texts

if TYPE_CHECKING:
    from core.race.grid import Grid
    from core.race.horizon import Choice, Lane

PLAIN, GATED = "elman", "lstm"


def caption(grid: Grid, task: str, lanes: list[Lane], delay: int, texts: Texts) -> str:
    """Who solves the chosen delay and how soon; what the start does; the claim."""
    claimed = texts("caption.gap").join(claims(grid, task, texts))
    parts = [solving(lanes, delay, texts), starts(grid, task, texts), claimed]
    return "\n\n".join(part for part in parts if part)


def solving(lanes: list[Lane], delay: int, texts: Texts) -> str:
    """Whose median seed solves the delay, soonest first, and who was tried and does not."""
    tried = [lane for lane in lanes if delay in lane.runs]
    solvers = sorted(
        (lane for lane in tried if lane.updates(delay) is not None),
        key=lambda lane: lane.updates(delay) or 0,
    )
    comma = texts("memory.comma")
    said = [
        texts("memory.solver", name=lane_name(lane, texts), updates=f"{lane.updates(delay):,.0f}")
        for lane in solvers
    ]
    others = [
        texts(
            "memory.other",
            name=lane_name(lane, texts),
            solved=lane.solved(delay),
            seeds=len(lane.runs[delay]),
        )
        for lane in tried
        if lane not in solvers
    ]
    parts = [
        texts("memory.solving", delay=delay, names=comma.join(said))
        if said
        else texts("memory.solving_none", delay=delay)
    ]
    if others:
        parts.append(texts("memory.not_solving", names=comma.join(others)))
    return texts("caption.gap").join(parts)


def starts(grid: Grid, task: str, texts: Texts) -> str:
    """How far the plain network and the LSTM get by each of their starts, side by side."""
    reached = {kind: _horizons(grid, task, kind) for kind in (PLAIN, GATED)}
    if not all(reached.values()):
        return ""
    said = [
        texts(
            "memory.by_start",
            name=competitor_name(kind, texts),
            starts=texts("memory.comma").join(
                texts("memory.start_reach", start=start_name(start, texts), steps=steps)
                for start, steps in found.items()
            ),
        )
        for kind, found in reached.items()
    ]
    plain, gated = reached[PLAIN], reached[GATED]
    best = max(plain, key=lambda start: plain[start])
    worst = min(gated, key=lambda start: gated[start])
    key = "memory.start_decides" if plain[best] > gated[worst] else "memory.start_not"
    said.append(
        texts(
            key,
            plain=competitor_name(PLAIN, texts),
            start=start_name(best, texts),
            gated=competitor_name(GATED, texts),
            other=start_name(worst, texts),
        )
    )
    return texts("caption.gap").join(said)


def claims(grid: Grid, task: str, texts: Texts) -> list[str]:
    """“Poor beyond 10, gone beyond 30”, judged by the plain network at its best and as torch's.

    Each by the shortest delay beyond the number: it holds where no seed solves it, holds in
    part where fewer than half do, and does not hold where half or more do.
    """
    from core.race.horizon import BEST, Choice, lane

    found = []
    for steps, key in zip(CLAIMED, ("poor", "gone")):
        delay = next((delay for delay in grid.plan.delays if delay > steps), None)
        if delay is None:
            continue
        judged = [
            _judged(one, delay, texts)
            for one in _different(
                [lane(grid, task, PLAIN, BEST), lane(grid, task, PLAIN, Choice("torch"))]
            )
        ]
        if judged := [one for one in judged if one]:
            said = texts("memory.semicolon").join(judged)
            found.append(texts(f"memory.claim_{key}", delay=delay, judged=said))
    return found


def _judged(lane: Lane, delay: int, texts: Texts) -> str:
    """One start's verdict at one delay; nothing where it was neither run nor skipped."""
    start = start_name(lane.start, texts)
    if delay in lane.skipped:
        return texts("memory.judged_skipped", start=start)
    if delay not in lane.runs:
        return ""
    solved, seeds = lane.solved(delay), len(lane.runs[delay])
    verdict = "holds" if solved == 0 else "partly" if 2 * solved < seeds else "fails"
    return texts(f"memory.judged_{verdict}", start=start, solved=solved, seeds=seeds)


def _different(lanes: list[Lane | None]) -> list[Lane]:
    """Without those that are not there, and without a second one by the same start."""
    return list({lane.start: lane for lane in lanes if lane is not None}.values())


def _horizons(grid: Grid, task: str, kind: str) -> dict[str, int]:
    """Median horizon by start, where every delay was run or skipped."""
    from core.race.horizon import Choice, horizon, lane

    found = {}
    for start in grid.plan.starts.get(kind, ()):
        one = lane(grid, task, kind, Choice(start=start))
        if one is not None and not one.missing:
            reached = horizon(grid, one)
            if reached is not None:
                found[start] = reached.median
    return found


def absent(grid: Grid, task: str, choice: Choice, texts: Texts) -> str:
    """What of the plan is not computed, and who does not have the start that was chosen."""
    comma, parts = texts("memory.comma"), []
    if choice.start is not None:
        without = [
            competitor_name(kind, texts)
            for kind, names in grid.plan.starts.items()
            if choice.start not in names
        ]
        if without:
            start = start_name(choice.start, texts)
            parts.append(texts("memory.no_such_start", start=start, names=comma.join(without)))
    if choice.rate is not None:
        protocol = grid.plan.protocol
        parts.append(
            texts(
                "memory.only_sweep",
                rate=f"{choice.rate:g}",
                delays=comma.join(str(delay) for delay in protocol.sweep_delays),
            )
        )
    if missing := _missing(grid, task, texts):
        parts.append(texts("memory.missing", names=texts("memory.semicolon").join(missing)))
    tasks = [one for one in grid.plan.tasks if not any(run.task == one for run in grid.runs)]
    if tasks:
        names = comma.join(task_name(one, texts) for one in tasks)
        parts.append(texts("memory.missing_tasks", names=names))
    return texts("caption.gap").join(parts)


def _missing(grid: Grid, task: str, texts: Texts) -> list[str]:
    """Competitors that are wholly missing by name, others start by start with their delays."""
    comma, found = texts("memory.comma"), []
    for kind, names in grid.plan.starts.items():
        name = competitor_name(kind, texts)
        delays = {start: grid.missing(task, kind, start) for start in names}
        if all(list(grid.plan.delays) == missing for missing in delays.values()):
            found.append(name)
            continue
        found += [
            texts(
                "memory.missing_lane",
                name=name,
                start=start_name(start, texts),
                delays=comma.join(str(delay) for delay in missing),
            )
            for start, missing in delays.items()
            if missing
        ]
    return found
