"""The tasks of memory as applications: read something, wait, and be asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.applications.application import (
    Application,
    Baseline,
    Draws,
    Loss,
    LossAt,
    Measured,
    Part,
)
from core.applications.memory_forms import FORMS, Form
from core.networks.architecture import RECURRENT, Architecture
from core.networks.reader import Ends, Reader
from core.recording import Trace, record
from core.tasks.memory import MEMORY_TASKS, MemoryTask, Sample

LONGEST = 1000  # steps of delay, before anything of that length is made
SIZES: dict[Part, int] = {"validation": 256, "test": 1000}
SHARES: dict[str, tuple[int, ...]] = {"training": tuple(range(2, 12)), "validation": (0,)}
SHARES["test"] = (1,)  # two twelfths of all sequences are never learned from


class MemoryApplication(Application):
    """One task of memory with its delay.

    Every batch is drawn afresh. Which part a sequence belongs to follows from a digest of its
    content, so that no sequence that is scored is ever learned from. Copying has only 64
    different sequences and parity 8: there nothing is held out (``holds_out``), and the score
    says whether the network keeps what it has read, not whether it generalises.

    Raises ValueError for a delay that is too short for the task, or above ``LONGEST``.
    """

    cells = RECURRENT
    default_delay: ClassVar[int] = 10
    holds_out: ClassVar[bool] = True

    def __init__(self, delay: int | None = None) -> None:
        delay = self.default_delay if delay is None else delay
        if isinstance(delay, bool) or not isinstance(delay, int) or delay > LONGEST:
            raise ValueError(f"delay is {delay!r}; expected a whole number, at most {LONGEST}.")
        self.task: MemoryTask = MEMORY_TASKS[self.name](delay)

    @property
    def form(self) -> Form:
        """How a sequence is written down."""
        return FORMS[self.name]

    # What learning needs

    @property
    def fingerprint(self) -> str:
        return f"{self.name} with a delay of {self.task.delay}, drawn from seeds"

    def batch(self, step: int, draws: Draws) -> Sample:
        return self._sample("training", draws.batch, draws.seed * 1_000_003 + step)

    def loss(self, model: nn.Module, batch: Sample, carried: Any = None) -> Loss:
        """Mean squared error of a sum, else the cross-entropy of what is asked for, in nats."""
        steps, size = batch.inputs.shape[:2]
        return Loss(self._loss(self._answers(model, batch.inputs), batch), None, steps * size)

    @torch.no_grad()
    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        training = model.training
        model.eval()
        sample = self._held_out[part]
        predictions = self._answers(model, sample.inputs)
        model.train(training)
        mean = self._loss(predictions, sample).item()
        if self.task.regression:
            return Measured(mean, mean**0.5)
        return Measured(mean, self.task.score(predictions, sample.targets))

    @property
    def baseline(self) -> Baseline:
        """Guessing, or always answering the mean."""
        if not self.task.regression:
            return Baseline("guess", self.task.guess)
        targets = self._held_out["test"].targets
        return Baseline("mean", (targets - 1.0).square().mean().item() ** 0.5)

    @cached_property
    def _held_out(self) -> dict[Part, Sample]:
        return {part: self._sample(part, size, size) for part, size in SIZES.items()}

    def _sample(self, part: str, size: int, seed: int) -> Sample:
        """``size`` sequences of one part, the same for the same ``seed``."""
        random = torch.Generator().manual_seed(seed % 2**63)
        if not self.holds_out:
            return self.task.draw(size, random)
        inputs, targets, found = [], [], 0
        while found < size:
            drawn = self.task.draw(size, random)
            kept = torch.isin(digests(drawn.inputs) % 12, torch.tensor(SHARES[part]))
            inputs.append(drawn.inputs[:, kept])
            targets.append(drawn.targets[:, kept])
            found += int(kept.sum())
        return Sample(torch.cat(inputs, 1)[:, :size], torch.cat(targets, 1)[:, :size])

    def _answers(self, model: nn.Module, inputs: Tensor) -> Tensor:
        """What is said when it is asked for: (answers, batch, outputs)."""
        return model(inputs)[0][-self.task.answers :]

    def _loss(self, predictions: Tensor, sample: Sample) -> Tensor:
        if self.task.regression:
            return functional.mse_loss(predictions[..., 0], sample.targets)
        return functional.cross_entropy(predictions.flatten(0, 1), sample.targets.flatten())

    # The network

    def network(self, architecture: Architecture) -> Reader:
        if architecture.cell not in self.cells:
            raise ValueError(
                f"cell is {architecture.cell!r}; the task {self.name!r} is about memory, so "
                f"choose one of {', '.join(self.cells)}."
            )
        ends = Ends(self.task.features, self.task.outputs, tokens=False)
        return Reader(architecture, ends, softmax=not self.task.regression)

    # In use

    def describe(self) -> dict[str, Any]:
        return {"delay": self.task.delay}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        if set(description) != {"delay"} or description["delay"] is None:
            raise ValueError(f"A task of memory is described by its delay; got {description!r}.")
        return cls(description["delay"])

    @cached_property
    def examples(self) -> tuple[str, ...]:
        drawn = self._sample("test", 3, 0)
        return tuple(self.form.write(drawn.inputs[:, column]) for column in range(3))

    @torch.no_grad()
    def answer(self, model: nn.Module, text: str) -> str | float:
        """The sum, or what the network says is asked for, in the letters of the input."""
        said = self._answers(model.eval(), self.form.parse(text, self.task).inputs)
        if self.task.regression:
            return said.item()
        return "".join(self.form.classes[number] for number in said[:, 0].argmax(-1).tolist())

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The loss is of the last answer, or of all ("every"), against the right ones."""
        written = self.form.parse(text, self.task)
        asked = 1 if loss_at == "last" else self.task.answers
        logits: list[Tensor] = []

        def loss(output: tuple[Tensor, Any]) -> Tensor:
            logits.append(output[0].detach())
            sample = Sample(written.inputs, written.targets[-asked:])
            return self._loss(output[0][-asked:], sample)

        (trace,) = record(
            model,
            written.inputs,
            loss=loss if loss_at else None,
            parts=parts,
            tokens=list(written.tokens),
            settings={"model": self.name, "predicts": "here", "loss_at": loss_at or "none"},
        ).values()
        if self.task.regression:
            return {"rnn": trace}
        shares = self._shares(model, written.inputs, logits)
        data = trace.data.assign(prediction=(("time", "batch", "class"), shares))
        return {"rnn": Trace.of(data.assign_coords({"class": list(self.form.classes)}))}

    @torch.no_grad()
    def _shares(self, model: nn.Module, inputs: Tensor, logits: list[Tensor]) -> np.ndarray:
        """Probabilities (time, batch, class) after every step."""
        return torch.softmax(logits[0] if logits else model(inputs)[0], -1).numpy()


class AddingApplication(MemoryApplication):
    name, shape, metric, higher_is_better = "adding", "many-to-one", "rmse", False
    default_delay = 20


class CopyingApplication(MemoryApplication):
    name, shape, holds_out = "copying", "out-of-step", False


class RecallApplication(MemoryApplication):
    name, shape = "recall", "many-to-one"


class ParityApplication(MemoryApplication):
    name, shape, holds_out = "parity", "many-to-one", False
    default_delay = 5


class BracketsApplication(MemoryApplication):
    name, shape = "brackets", "many-to-one"


def digests(inputs: Tensor) -> Tensor:
    """A number from 0 to 2**31 - 1 for each sequence of ``inputs`` (time, batch, features).

    It follows from the sequence's content alone, whichever batch it is in.
    """
    steps, _, features = inputs.shape
    bits = inputs.float().contiguous().view(torch.int32).long()
    places = torch.arange(1, steps * features + 1).view(steps, 1, features)
    return _mixed(_mixed(bits + places * 0x9E3779B9).sum((0, 2))) & (2**31 - 1)


def _mixed(numbers: Tensor) -> Tensor:
    """Every bit depends on every other; products wrap around, as they may in a digest."""
    for factor in (0x3F58476D1CE4E5B9, 0x14D049BB133111EB):
        numbers = (numbers ^ (numbers >> 31)) * factor
    return numbers ^ (numbers >> 29)
