"""The training loop: snapshots on the way, stoppable, and resumed without a trace."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from core.applications import Application
from core.networks import ModelSettings, SequenceModel
from core.networks.random_numbers import RandomNumbers
from core.tasks.task import Task
from core.training.carried import detached, each_tensor, flatten, unflatten
from core.training.checkpoint import Checkpoint
from core.training.learner import learner
from core.training.optimisers import make_optimiser, optimiser_tensors, restore_optimiser
from core.training.settings import TrainingSettings


@dataclass(frozen=True)
class Snapshot:
    """What a run looks like after ``step`` of ``steps`` updates.

    loss: mean since the snapshot before; of a text, cross-entropy in nats per character.
    validation_loss, score: on held-out data, where there are some and they were measured now
        (every ``validate`` updates and at the last); None otherwise. A text has no score but
        its loss.
    gradient_norm: of the last update, before clipping.
    clipped: share of the updates since the snapshot before that were clipped.
    rate: characters, or steps of time, read per second of training since the snapshot before.
    seconds_left: until the last update, at the pace of this run so far.
    """

    step: int
    steps: int
    loss: float
    validation_loss: float | None
    gradient_norm: float
    clipped: float
    learning_rate: float
    rate: float
    seconds_left: float
    score: float | None = None

    @property
    def bits(self) -> float:
        """The training loss in bits per character."""
        return self.loss / math.log(2)

    @property
    def validation_bits(self) -> float | None:
        """The loss on held-out text in bits per character."""
        return None if self.validation_loss is None else self.validation_loss / math.log(2)

    @property
    def finished(self) -> bool:
        """Whether this is the last snapshot of the whole run."""
        return self.step == self.steps


def new_model(settings: ModelSettings, seed: int) -> SequenceModel:
    """A model with fresh weights drawn from ``seed``; torch's own generator is left alone."""
    with RandomNumbers(seed):
        return SequenceModel(settings)


def train(
    model: nn.Module,
    subject: Task | Application,
    settings: TrainingSettings,
    *,
    resume: Checkpoint | None = None,
) -> Training:
    """Train ``model`` on a text or an application, with truncated backpropagation through time.

    The result is an iterator of snapshots; nothing happens until it is asked for the next::

        run = train(model, task, settings)
        for snapshot in run:
            print(snapshot.step, snapshot.bits)
        save_checkpoint(path, run.checkpoint())   # at any snapshot

    A run resumed from a checkpoint gives exactly the weights that it would have given
    uninterrupted, on the same machine, whatever other threads do in the meantime. A text's
    model may be on any device, an application's is on the CPU.
    Raises ValueError when model, settings or data differ from the checkpoint's, and, while
    running, FloatingPointError as soon as a snapshot finds that the loss is not finite.
    """
    return Training(model, subject, settings, resume)


class Training(Iterator[Snapshot]):
    """A run in progress: iterate for snapshots, ``stop()`` it, take a ``checkpoint()``."""

    def __init__(
        self,
        model: nn.Module,
        subject: Task | Application,
        settings: TrainingSettings,
        resume: Checkpoint | None = None,
    ) -> None:
        self.model, self.settings = model, settings
        self.learner = learner(model, subject)
        self.device = next(model.parameters()).device
        self.optimiser = make_optimiser(model, settings)
        self.step = 0
        self._carried: Any = None
        self._stopping = False
        self._seconds, self._done_here = 0.0, 0
        self._random = RandomNumbers(settings.seed, self.device) if self.learner.draws else None
        if resume is not None:
            self._restore(resume)

    def stop(self) -> None:
        """Finish the update in hand, give one more snapshot, and end. Safe in a signal handler."""
        self._stopping = True

    def __next__(self) -> Snapshot:
        if self.step >= self.settings.steps or self._stopping:
            raise StopIteration
        started, first = time.perf_counter(), self.step
        with self._random or nullcontext():
            total, clipped, norm, characters = self._updates()
        updates = self.step - first
        mean = total.item() / updates  # also waits for an accelerator, so the clock is right
        seconds = time.perf_counter() - started
        self._check_finite(mean, norm.item(), first)
        self._seconds += seconds
        self._done_here += updates
        measure = self.step % self.settings.validate < updates or self.step == self.settings.steps
        held_out = self.learner.held_out() if measure else None
        return Snapshot(
            step=self.step,
            steps=self.settings.steps,
            loss=mean,
            validation_loss=held_out.loss if held_out else None,
            gradient_norm=norm.item(),
            clipped=clipped.item() / updates,
            learning_rate=self.settings.rate_at(self.step - 1),
            rate=characters / seconds,
            seconds_left=(self.settings.steps - self.step) * self._seconds / self._done_here,
            score=held_out.score if held_out else None,
        )

    def _check_finite(self, loss: float, norm: float, first: int) -> None:
        if math.isfinite(loss) and math.isfinite(norm):
            return
        raise FloatingPointError(
            f"Between update {first + 1} and {self.step} the loss became {loss} and the norm of "
            f"its gradient {norm}. Start again with a smaller learning rate (now "
            f"{self.settings.learning_rate:g}) or a smaller clip (now {self.settings.clip}), or "
            "resume from an earlier checkpoint."
        )

    def _updates(self) -> tuple[Tensor, Tensor, Tensor, int]:
        """Updates until the next snapshot: summed losses, how many were clipped, the last
        norm, and characters read. Nothing here waits for an accelerator."""
        total = clipped = norm = torch.zeros((), device=self.device)
        characters = 0
        self.model.train()
        while True:
            loss, norm, count = self._update()
            total = total + loss
            characters += count
            if self.settings.clip is not None:
                clipped = clipped + (norm > self.settings.clip)
            due = self.step % self.settings.every == 0 or self.step == self.settings.steps
            if due or self._stopping:
                return total, clipped, norm, characters

    def checkpoint(self) -> Checkpoint:
        """A copy of everything that the run needs to go on from here."""
        carried, form = flatten(each_tensor(self._carried, lambda part: part.cpu().clone()))
        return Checkpoint(
            subject=self.learner.description,
            settings=self.settings,
            fingerprint=self.learner.fingerprint,
            step=self.step,
            weights=_copies(self.model.state_dict()),
            optimiser=_copies(optimiser_tensors(self.model, self.optimiser)),
            carried=carried,
            carried_form=form,
            random=_copies(self._random.state) if self._random else {},
        )

    def _update(self) -> tuple[Tensor, Tensor, int]:
        """One update of the weights: its loss, the gradient's norm, and characters read."""
        loss, carried, characters = self.learner.loss(self.step, self.settings, self._carried)
        self.optimiser.zero_grad()
        loss.backward()
        largest = math.inf if self.settings.clip is None else self.settings.clip
        norm = clip_grad_norm_(self.model.parameters(), largest)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.rate_at(self.step)
        self.optimiser.step()
        self._carried = detached(carried)  # the state goes on, its past is forgotten
        self.step += 1
        return loss.detach(), norm.detach(), characters

    def _restore(self, saved: Checkpoint) -> None:
        saved.check_fits(self.learner.description, self.settings, self.learner.fingerprint)
        saved.check_weights(self.model)
        carried = each_tensor(
            unflatten(saved.carried, saved.carried_form), lambda part: part.to(self.device)
        )
        self.learner.check_carried(carried, saved.step, self.settings)
        self.model.load_state_dict(saved.weights)
        restore_optimiser(self.model, self.optimiser, saved.optimiser)
        self._carried, self.step = carried, saved.step
        if self._random:
            self._random.restore(saved.random)


def _copies(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
