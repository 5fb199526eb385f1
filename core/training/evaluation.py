"""The loss of a prediction, and of a model on text that it has not been trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.networks import SequenceModel
from core.tasks.streams import read_through
from core.tasks.task import IGNORED, Task
from core.training.baseline import bigram_bits, unigram_bits

MOST_SCORED = 50_000
Carried = Tensor | tuple[Tensor, ...] | None  # a recurrent state, as torch's modules return it


@dataclass(frozen=True)
class Score:
    """Bits per character of a model, and of counting single characters and pairs.

    scored_on: "held-out text", or "training text" for a task that holds nothing out; there
    the counts are the exact shares, the best that counting can do.
    """

    bits_per_character: float
    unigram_bits: float
    bigram_bits: float
    scored_on: str


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log p(target), in nats, over the targets that are asked for.

    logits: (time, batch, classes). targets: (time, batch), ``IGNORED`` where nothing is asked.
    Without any target the mean is 0, so that such a batch changes nothing.
    """
    total = functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / (targets != IGNORED).sum().clamp_min(1)


def detached(state: Carried) -> Carried:
    """The same state without its past: no gradient flows back through it."""
    if state is None or isinstance(state, Tensor):
        return None if state is None else state.detach()
    return tuple(part.detach() for part in state)


@torch.no_grad()
def evaluate(model: SequenceModel, ids: Tensor) -> float | None:
    """Mean cross-entropy of ``model`` on the text ``ids`` (time,), in nats per character.

    None for a text with nothing to predict. The model is evaluated in eval mode and left in
    the mode that it was in.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    total, count = 0.0, 0
    state: Carried = None
    for batch in read_through(ids, model.settings.vocabulary_size):
        targets = batch.targets.to(device)
        logits, state = model(batch.inputs.to(device), state if batch.continues else None)
        asked = int((targets != IGNORED).sum())
        total += cross_entropy(logits, targets).item() * asked
        count += asked
    model.train(training)
    return total / count if count else None


def score(model: SequenceModel, task: Task) -> Score:
    """The score of ``model`` on what ``task`` holds out, or else on what it learns from.

    Raises ValueError for a task with nothing to predict.
    """
    size, held_out = len(task.vocabulary), len(task.validation) > 1
    ids = task.validation if held_out else task.train[:MOST_SCORED]
    counted, start = (task.train, 1.0) if held_out else (ids, 0.0)
    nats = evaluate(model, ids)
    if nats is None:
        raise ValueError(f"{task.name} has no character to score; give a longer text.")
    return Score(
        bits_per_character=nats / math.log(2),
        unigram_bits=unigram_bits(counted, ids, size, start=start),
        bigram_bits=bigram_bits(counted, ids, size, start=start),
        scored_on="held-out text" if held_out else "training text",
    )
