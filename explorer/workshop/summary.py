"""A run in a few numbers, read again only where its files have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from explorer.shared import shared
from explorer.workshop.store import own_runs, ready_made

if TYPE_CHECKING:
    from core.training.runs.folder import Run
    from core.training.runs.settings import RunSettings

ACTIVE = ("queued", "running")
CHANGING = ("status.json", "metrics.jsonl", "settings.json", "checkpoints")


@dataclass(frozen=True)
class Summary:
    """What the lists say of a run.

    settings: None where they are damaged. last: the newest line of its curve, measured: the
    newest one with a measurement on held-out data, both {} where there is none.
    updates: of its checkpoints.
    """

    id: str
    status: str
    problem: str
    settings: RunSettings | None
    last: dict[str, Any]
    measured: dict[str, Any]
    updates: tuple[int, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return (self.settings.title if self.settings else "") or self.id

    @property
    def application(self) -> str:
        """What it learns; empty where nobody knows."""
        return self.settings.application if self.settings else ""

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def step(self) -> int:
        """Updates done."""
        return int(self.last.get("step", 0))

    @property
    def share(self) -> float:
        """How much of it is done."""
        return min(1.0, self.step / self.settings.training.steps) if self.settings else 0.0

    @property
    def recurrent(self) -> bool:
        """Whether there is anything to look into."""
        return bool(self.updates and self.settings and self.settings.architecture.recurrent)


def own_summaries() -> list[Summary]:
    """The reader's own runs, newest first."""
    return [summary_of(run) for run in own_runs().runs()]


def ready_summaries() -> list[Summary]:
    """The ready-made runs, in the order of their names."""
    return [summary_of(run) for run in sorted(ready_made().runs(), key=lambda run: run.id)]


def summary_of(run: Run) -> Summary:
    """The run as it is now."""
    signs = tuple(_sign(run, name) for name in CHANGING)
    found = _summary(str(run.folder), signs, run)
    if found.active:  # its worker may have died without a word
        return _looked_at(run)
    return found


@shared
def _summary(folder: str, signs: tuple[int, ...], _run: Run) -> Summary:
    return _looked_at(_run)


def _looked_at(run: Run) -> Summary:
    status, problem = run.status, run.problem
    damaged = status == "damaged"
    metrics = [] if damaged else run.metrics()
    measured = [line for line in metrics if line["validation_loss"] is not None]
    return Summary(
        id=run.id,
        status=status,
        problem=problem,
        settings=None if damaged else run.settings,
        last=metrics[-1] if metrics else {},
        measured=measured[-1] if measured else {},
        updates=() if damaged else tuple(run.checkpoints()),
    )


def _sign(run: Run, name: str) -> int:
    """Something that differs once the file has changed."""
    try:
        return (run.folder / name).stat().st_mtime_ns
    except OSError:
        return 0
