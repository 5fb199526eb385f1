"""The loss of a prediction, and of a model on text that it has not been trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from core.networks import SequenceModel
from core.tasks.counting import bigram_bits, unigram_bits
from core.tasks.likelihood import mean_loss
from core.tasks.task import Task

MOST_SCORED = 50_000


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


def evaluate(model: SequenceModel, ids: Tensor) -> float | None:
    """Mean cross-entropy of ``model`` on the text ``ids`` (time,), in nats per character.

    None for a text with nothing to predict.
    """
    return mean_loss(model, ids, model.settings.vocabulary_size)


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
