"""Time travel: a stage on which the step of training is one more axis of the cursor."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core import Trace
from explorer.language import Texts
from explorer.models import Card
from explorer.players.checkpoints import over_training, thinned
from explorer.scaffold import part_of, payload_of
from explorer.shared import shared
from explorer.sidebar import Choice
from explorer.workshop.opened import read_checkpoint, run_of

Draw = Callable[[Trace], bytes]


def stage_of(
    page: str, choice: Choice, trace: Trace, texts: Texts, cursor: Mapping[str, Any], draw: Draw
) -> bytes:
    """What the stage of a recording page is sent.

    For a run of the workshop that is the same text read at each of its checkpoints; for every
    other network ``trace`` alone.
    """
    if len(choice.card.updates) < 2:
        return payload_of(page, choice, texts, cursor, lambda: draw(trace))
    start = json.dumps(dict(cursor), sort_keys=True)
    return _travelled(page, choice, texts.language, start, texts, draw)


@shared
def _travelled(
    page: str, choice: Choice, language: str, start: str, _texts: Texts, _draw: Draw
) -> bytes:
    payload = _draw(at_checkpoint(choice, choice.card.updates[-1]))
    stops = thinned(choice.card.updates, len(payload))
    payloads = [_draw(at_checkpoint(choice, updates)) for updates in stops[:-1]]
    return over_training([*payloads, payload], stops, leads(choice.card, stops, _texts))


def at_checkpoint(choice: Choice, updates: int) -> Trace:
    """The recording of a run's network as it was after so many updates; of its first example
    where the text is no input, which the page has said already."""
    card = choice.card
    try:
        traces = read_checkpoint(updates, card.id, choice.text, choice.loss_at)
    except ValueError:
        traces = read_checkpoint(updates, card.id, card.examples[0], choice.loss_at)
    return part_of(traces, choice)


def trace_at(choice: Choice, trace: Trace, cursor: Mapping[str, Any]) -> Trace:
    """The recording that the cursor is in: of a run, at one of its checkpoints."""
    updates = choice.card.updates
    if len(updates) < 2 or "step" not in cursor:
        return trace
    wanted = int(cursor["step"])
    return at_checkpoint(choice, min(updates, key=lambda one: abs(one - wanted)))


def leads(card: Card, stops: Sequence[int], texts: Texts) -> list[str]:
    """What is said of each checkpoint: how far the training was, and how good the network."""
    metrics = run_of(card.id).metrics()
    return [
        _lead(updates, [line for line in metrics if line["step"] <= updates], texts)
        + texts("caption.gap")
        for updates in stops
    ]


def _lead(updates: int, metrics: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    """Of one checkpoint, from the lines of the curve up to it."""
    if not metrics:
        return texts("workshop.at_start" if updates == 0 else "workshop.at_checkpoint",
                     updates=f"{updates:,}")  # fmt: skip
    said = {"updates": f"{updates:,}", "loss": f"{metrics[-1]['loss']:.3f}"}
    measured = [line for line in metrics if line["validation_loss"] is not None]
    if not measured:
        return texts("workshop.at_loss", **said)
    held, step = measured[-1]["validation_loss"], measured[-1]["step"]
    if step == updates:
        return texts("workshop.at_measured", held=f"{held:.3f}", **said)
    return texts("workshop.at_measured_before", held=f"{held:.3f}", step=f"{step:,}", **said)
