"""Handwritten digits: a whole image at once, or read row by row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

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
from core.applications.classifying import Verdict, classifier, record_verdict, verdict
from core.applications.order import examples_of_batch
from core.networks.architecture import RECURRENT, Architecture
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends
from core.recording import Trace
from core.tasks.digits import CLASSES, PARTS, SIDE, digits

LABELS = tuple(str(digit) for digit in range(CLASSES))
ROWS = "①②③④⑤⑥⑦⑧"  # names of the steps that cannot be taken for digits that are answered


class Images(NamedTuple):
    """inputs (time, batch, features); labels (batch,)."""

    inputs: Tensor
    labels: Tensor


@dataclass(frozen=True)
class OnImage(Verdict):
    """The answer to a test image: its number among them, the digit that it is, its ink."""

    number: int
    truth: str
    image: np.ndarray


class _Digits(Application):
    """What both ways of reading have in common; inputs are written as "7", a test image."""

    metric = "accuracy"
    steps: ClassVar[int]

    @property
    def fingerprint(self) -> str:
        """A digest of the images and of how they are shared out."""
        digest = hashlib.sha256()
        for part in PARTS:
            digest.update(digits(part).images.tobytes() + digits(part).labels.tobytes())
        return digest.hexdigest()[:16]

    def batch(self, step: int, draws: Draws) -> Images:
        """Images of one batch."""
        part = digits("train")
        chosen = examples_of_batch(len(part), step, draws.batch, draws.seed)
        return Images(self.inputs(part.images[chosen]), torch.tensor(part.labels[chosen]))

    def inputs(self, images: np.ndarray) -> Tensor:
        """(image, row, column) to (step, image, features)."""
        parts = torch.tensor(images).reshape(len(images), self.steps, -1)
        return parts.transpose(0, 1).contiguous()

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Cross-entropy of the last answer in nats, and the share of images told right."""
        logits = self._answers(model, part)
        labels = torch.tensor(digits(part).labels)
        right = (logits.argmax(-1) == labels).float().mean().item()
        return Measured(functional.cross_entropy(logits, labels).item(), right)

    def confusion(self, model: nn.Module, part: Part = "test") -> np.ndarray:
        """How many images of each digit (row) are taken for each (column)."""
        found = self._answers(model, part).argmax(-1).numpy()
        table = np.zeros((CLASSES, CLASSES), dtype=int)
        np.add.at(table, (digits(part).labels, found), 1)
        return table

    @property
    def baseline(self) -> Baseline:
        """The digit whose mean training image is nearest (Euclidean distance)."""
        train, test = digits("train"), digits("test")
        means = np.stack([train.images[train.labels == digit].mean(0) for digit in range(CLASSES)])
        apart = ((test.images[:, None] - means) ** 2).sum((2, 3))
        return Baseline("nearest-centroid", float((apart.argmin(1) == test.labels).mean()))

    def describe(self) -> dict[str, Any]:
        """Nothing: the images come with a library."""
        return {}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """From an empty description; ValueError for any other."""
        if description:
            raise ValueError(f"found {sorted(map(str, description))}; expected an empty one.")
        return cls()

    @property
    def examples(self) -> tuple[str, ...]:
        """Numbers of test images."""
        return ("7", "0", "23", "42", "100", "358")

    def answer(self, model: nn.Module, text: str) -> OnImage:
        """The digit that an image is taken for, after every row too where rows are read."""
        number, image, label = self.find(text)
        found = verdict(model, self.inputs(image[None]), LABELS)
        return OnImage(**vars(found), number=number, truth=LABELS[label], image=image)

    def find(self, text: str) -> tuple[int, np.ndarray, int]:
        """Number, ink and label of the test image that ``text`` names.

        Raises ValueError for anything but a number of a test image.
        """
        part, word = digits("test"), text.strip()
        if not (word.isascii() and word.isdigit() and len(word) < 7 and int(word) < len(part)):
            raise ValueError(
                f"{word[:20]!r} is not the number of a test image; expected 0 to {len(part) - 1}."
            )
        return int(word), part.images[int(word)], int(part.labels[int(word)])

    @torch.no_grad()
    def _answers(self, model: nn.Module, part: Part) -> Tensor:
        """The last logits of a whole part, on the CPU."""
        device, training = next(model.parameters()).device, model.training
        model.eval()
        logits = model(self.inputs(digits(part).images).to(device))[0].cpu()
        model.train(training)
        return logits if logits.dim() == 2 else logits[-1]


class DigitRows(_Digits):
    """Eight rows of eight numbers from top to bottom; the answer counts after the last.

    The answer after row t of T is trained too, with a weight in proportion to t, so that a guess
    on the way means something; the score is that of the last alone.
    """

    name = "digit-rows"
    shape = "many-to-one"
    cells = RECURRENT
    steps = SIDE

    def loss(self, model: nn.Module, batch: Images, carried: Any = None) -> Loss:
        """Weighted cross-entropy of the answers after every row, in nats."""
        device = next(model.parameters()).device
        logits, _ = model(batch.inputs.to(device))
        labels = batch.labels.to(device).repeat(len(logits))
        each = functional.cross_entropy(logits.flatten(0, 1), labels, reduction="none")
        weights = torch.arange(1.0, len(logits) + 1, device=device)
        mean = (each.view(len(logits), -1).mean(1) * weights).sum() / weights.sum()
        return Loss(mean, None, batch.inputs.shape[0] * batch.inputs.shape[1])

    def network(self, architecture: Architecture) -> nn.Module:
        """A recurrent network; see ``classifier``."""
        ends = Ends(SIDE, CLASSES, tokens=False, each_step=True)
        return classifier(architecture, ends, self.cells, self.name)

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording of the eight rows of a test image; its loss asks for the right digit."""
        _, image, label = self.find(text)
        return record_verdict(
            model, self.inputs(image[None]), LABELS, tuple(ROWS),
            name=self.name, target=label, loss_at=loss_at, parts=parts,
        )  # fmt: skip


class DigitImage(_Digits):
    """All 64 numbers of an image at once: one input, one answer, nothing to remember."""

    name = "digit-image"
    shape = "one-to-one"
    cells = ("perceptron",)
    steps = 1

    def loss(self, model: nn.Module, batch: Images, carried: Any = None) -> Loss:
        """Cross-entropy in nats."""
        device = next(model.parameters()).device
        logits, _ = model(batch.inputs.to(device))
        mean = functional.cross_entropy(logits, batch.labels.to(device))
        return Loss(mean, None, len(batch.labels))

    def network(self, architecture: Architecture) -> nn.Module:
        """A multi-layer perceptron; a ValueError for another kind of network."""
        if architecture.cell != "perceptron":
            raise ValueError(
                f"{self.name} has one step and no time; its cell is {architecture.cell!r}, "
                "expected 'perceptron'."
            )
        return Perceptron(architecture, Ends(SIDE * SIDE, CLASSES, tokens=False, each_step=False))

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """Nothing is recurrent here, so there is nothing to record."""
        self.find(text)
        return {}
