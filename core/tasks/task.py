"""What the training loop asks of a task."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor

from core.networks import Vocabulary

IGNORED = -100  # the target that cross-entropy leaves out, torch's own choice


class Batch(NamedTuple):
    """What the network reads in one step of training.

    inputs: ids (time, batch).
    targets: the id that should come next at every step, (time, batch); ``IGNORED`` where
        nothing is asked.
    continues: whether the text goes on from the batch before, so that the state does too.
    """

    inputs: Tensor
    targets: Tensor
    continues: bool


class Task(Protocol):
    """Something to learn: batches by number, so that a stopped run finds its place again."""

    @property
    def name(self) -> str:
        """A short name for people."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens that are read and predicted."""

    @property
    def train(self) -> Tensor:
        """The ids (time,) that are learned from."""

    @property
    def validation(self) -> Tensor:
        """The ids (time,) that training never sees; empty where nothing is held out."""

    @property
    def fingerprint(self) -> str:
        """A digest of the data: a run is resumed on the same data only."""

    def batch(self, step: int, size: int, length: int) -> Batch:
        """Batch number ``step`` (from 0) of ``size`` sequences with ``length`` steps."""
