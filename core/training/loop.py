"""The training loop: snapshots on the way, stoppable, and resumed without a trace."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from core.networks import ModelSettings, SequenceModel
from core.tasks.task import Task
from core.training.checkpoint import Checkpoint, optimiser_tensors, restore_optimiser
from core.training.evaluation import Carried, cross_entropy, detached, evaluate
from core.training.random_numbers import RandomNumbers
from core.training.settings import TrainingSettings


@dataclass(frozen=True)
class Snapshot:
    """What a run looks like after ``step`` of ``steps`` updates.

    loss: mean cross-entropy in nats per character since the snapshot before.
    validation_loss: the same on held-out text, where there is some and it was measured now
        (every ``validate`` updates and at the last); None otherwise.
    gradient_norm: of the last update, before clipping.
    clipped: share of the updates since the snapshot before that were clipped.
    rate: characters read per second of training since the snapshot before.
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
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SequenceModel(settings)


def train(
    model: SequenceModel,
    task: Task,
    settings: TrainingSettings,
    *,
    resume: Checkpoint | None = None,
) -> Training:
    """Train ``model`` on ``task`` with Adam and truncated backpropagation through time.

    The result is an iterator of snapshots; nothing happens until it is asked for the next::

        run = train(model, task, settings)
        for snapshot in run:
            print(snapshot.step, snapshot.bits)
        save_checkpoint(path, run.checkpoint())   # at any snapshot

    A run resumed from a checkpoint gives exactly the weights that it would have given
    uninterrupted, on the same machine. The model may be on any device.
    Raises ValueError when model, settings or data differ from the checkpoint's, and, while
    running, FloatingPointError as soon as a snapshot finds that the loss is not finite.
    """
    return Training(model, task, settings, resume)


class Training(Iterator[Snapshot]):
    """A run in progress: iterate for snapshots, ``stop()`` it, take a ``checkpoint()``."""

    def __init__(
        self,
        model: SequenceModel,
        task: Task,
        settings: TrainingSettings,
        resume: Checkpoint | None = None,
    ) -> None:
        self.model, self.task, self.settings = model, task, settings
        _check_fit(model, task)
        self.device = next(model.parameters()).device
        self.optimiser = torch.optim.AdamW(
            model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        self.step = 0
        self._state: Carried = None
        self._stopping = False
        self._seconds, self._done_here = 0.0, 0
        dropout = model.settings.dropout > 0 and model.settings.num_layers > 1
        self._random = RandomNumbers(settings.seed, self.device) if dropout else None
        if resume is not None:
            self._restore(resume)

    def stop(self) -> None:
        """Finish the update in hand, give one more snapshot, and end. Safe in a signal handler."""
        self._stopping = True

    def __next__(self) -> Snapshot:
        if self.step >= self.settings.steps or self._stopping:
            raise StopIteration
        started, first = time.perf_counter(), self.step
        with self._random.drawing() if self._random else nullcontext():
            total, clipped, norm, characters = self._updates()
        updates = self.step - first
        mean = total.item() / updates  # also waits for an accelerator, so the clock is right
        seconds = time.perf_counter() - started
        self._check_finite(mean, norm.item(), first)
        self._seconds += seconds
        self._done_here += updates
        measure = self.step % self.settings.validate < updates or self.step == self.settings.steps
        validation = evaluate(self.model, self.task.validation) if measure else None
        return Snapshot(
            step=self.step,
            steps=self.settings.steps,
            loss=mean,
            validation_loss=validation,
            gradient_norm=norm.item(),
            clipped=clipped.item() / updates,
            learning_rate=self.settings.rate_at(self.step - 1),
            rate=characters / seconds,
            seconds_left=(self.settings.steps - self.step) * self._seconds / self._done_here,
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
        state = self._state
        carried = () if state is None else (state,) if isinstance(state, Tensor) else state
        return Checkpoint(
            model_settings=self.model.settings,
            settings=self.settings,
            vocabulary=self.task.vocabulary,
            fingerprint=self.task.fingerprint,
            step=self.step,
            weights=_copies(self.model.state_dict()),
            optimiser=_copies(optimiser_tensors(self.model, self.optimiser)),
            carried=tuple(part.cpu().clone() for part in carried),
            random=_copies(self._random.state) if self._random else {},
        )

    def _update(self) -> tuple[Tensor, Tensor, int]:
        """One update of the weights: its loss, the gradient's norm, and characters read."""
        batch = self.task.batch(self.step, self.settings.batch, self.settings.unroll)
        inputs, targets = batch.inputs.to(self.device), batch.targets.to(self.device)
        state = self._state if batch.continues else None
        logits, state = self.model(inputs, state)
        loss = cross_entropy(logits, targets)
        self.optimiser.zero_grad()
        loss.backward()
        largest = math.inf if self.settings.clip is None else self.settings.clip
        norm = clip_grad_norm_(self.model.parameters(), largest)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.rate_at(self.step)
        self.optimiser.step()
        self._state = detached(state)  # the state goes on, its past is forgotten
        self.step += 1
        return loss.detach(), norm.detach(), inputs.numel()

    def _restore(self, saved: Checkpoint) -> None:
        saved.check_fits(self.model.settings, self.settings, self.task.fingerprint)
        self.model.load_state_dict(saved.weights)
        restore_optimiser(self.model, self.optimiser, saved.optimiser)
        carried = tuple(tensor.to(self.device) for tensor in saved.carried)
        self._state = (carried if len(carried) > 1 else carried[0]) if carried else None
        self.step = saved.step
        if self._random:
            self._random.restore(saved.random)


def _copies(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}


def _check_fit(model: SequenceModel, task: Task) -> None:
    if model.settings.bidirectional:
        raise ValueError(
            "The model reads in both directions, so it sees every character that it should "
            "predict. Build it with bidirectional=False to train it on the next character."
        )
    size = len(task.vocabulary)
    if model.settings.vocabulary_size != size or model.settings.classes != size:
        raise ValueError(
            f"The model reads {model.settings.vocabulary_size} tokens and predicts "
            f"{model.settings.classes}; the task {task.name!r} has {size}. Build the model with "
            f"vocabulary_size={size} and output_size=0."
        )
