"""Runs of the workshop as networks that can be looked into, at every checkpoint."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from core import Trace
from explorer.models import PARTS, Card
from explorer.shared import shared
from explorer.workshop.shelf import PREFIX
from explorer.workshop.store import find_run

if TYPE_CHECKING:
    from core.applications import Applied
    from core.training.runs.folder import Run

_READING = threading.Lock()


def opened(card: Card) -> Card:
    """The card with what only a look into the run's files can say.

    Checkpoints that cannot be read are left out. Raises ValueError where none can.
    """
    if not card.updates:
        return card
    problems = {updates: _problem(card.id, updates) for updates in card.updates}
    updates = tuple(number for number, problem in problems.items() if not problem)
    if not updates:
        raise ValueError(next(iter(problems.values())))
    examples, parts = _known(card.id, updates[-1])
    return replace(card, examples=examples, parts=parts, updates=updates)


def _problem(card_id: str, updates: int) -> str:
    try:
        applied_at(card_id, updates)
    except (ValueError, FileNotFoundError) as error:
        return str(error)
    return ""


def run_of(card_id: str) -> Run:
    """The run behind a card. Raises FileNotFoundError where it has been deleted."""
    name = card_id.removeprefix(PREFIX)
    run = find_run(name)
    if run is None:
        raise FileNotFoundError(f"The run {name!r} is not there any more; choose another one.")
    return run


@shared
def applied_at(card_id: str, updates: int) -> Applied:
    """The network of a run at one of its checkpoints; imports torch."""
    return run_of(card_id).applied(updates)


@shared
def read_checkpoint(updates: int, card_id: str, text: str, loss_at: str) -> dict[str, Trace]:
    """The recordings of a run's network at a checkpoint, by recurrent module.

    Raises ValueError for a text that cannot be its input.
    """
    import torch

    torch.set_num_threads(1)
    with _READING:
        traces = applied_at(card_id, updates).read(text, loss_at=loss_at)
    # Two runs of the same task that read the same text are not the same recording.
    return {
        name: Trace.of(trace.data.assign_attrs(model=card_id)) for name, trace in traces.items()
    }


@shared
def _known(card_id: str, updates: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    application = applied_at(card_id, updates).application
    return application.examples, PARTS.get(application.shape, ())
