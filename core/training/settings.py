"""Everything that fixes a training run but the model and the data."""

from __future__ import annotations

import math
from dataclasses import dataclass

MAX_RATE = 100.0  # a thousand times what Adam can use
OPTIMIZERS = ("adamw", "adam", "sgd", "rmsprop")


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of one run; the same settings and seed give the same weights.

    steps: updates of the weights in the whole run.
    batch, unroll: sequences read side by side, and steps of time between two updates (the
        length to which backpropagation through time is truncated).
    learning_rate, final_share: the rate at the first step, and the share of it that is left
        at the last; it falls along half a cosine in between (1: it stays).
    clip: largest norm of the whole gradient, or None to leave it as it is.
    weight_decay: decoupled with adamw, else added to the gradient; 0 for none.
    seed: of the first weights, the order of examples, and dropout.
    every, validate: updates between two snapshots, and between two measurements of the loss
        on held-out data; the last update always gives both.
    optimizer: one of ``OPTIMIZERS``; sgd has momentum 0.9, the others torch's defaults.

    Raises ValueError for a setting out of its range.
    Source of the clipping: R. Pascanu, T. Mikolov and Y. Bengio, arXiv:1211.5063 (2013).
    """

    steps: int = 3000
    batch: int = 32
    unroll: int = 64
    learning_rate: float = 3e-3
    final_share: float = 0.05
    clip: float | None = 1.0
    weight_decay: float = 0.0
    seed: int = 0
    every: int = 20
    validate: int = 500
    optimizer: str = "adamw"

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "unroll", "every", "validate"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; expected at least 1.")
        if self.optimizer not in OPTIMIZERS:
            known = ", ".join(OPTIMIZERS)
            raise ValueError(f"optimizer is {self.optimizer!r}; expected one of {known}.")
        if not 0 < self.learning_rate <= MAX_RATE:
            raise ValueError(
                f"learning_rate is {self.learning_rate}; expected more than 0, at most {MAX_RATE}."
            )
        if not 0 <= self.final_share <= 1:
            raise ValueError(f"final_share is {self.final_share}; expected 0 to 1.")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip is {self.clip}; expected more than 0, or None for no clipping.")
        if not (math.isfinite(self.weight_decay) and self.weight_decay >= 0):
            raise ValueError(f"weight_decay is {self.weight_decay}; expected 0 or more.")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed is {self.seed}; expected 0 to 2**63 - 1.")

    def rate_at(self, step: int) -> float:
        """The learning rate of update number ``step`` (from 0)."""
        progress = step / max(1, self.steps - 1)
        share = self.final_share + (1 - self.final_share) * (1 + math.cos(math.pi * progress)) / 2
        return self.learning_rate * share
