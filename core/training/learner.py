"""How a model learns one subject: a text, or an application of sequences."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import asdict
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import nn

from core.applications import Application, Draws, Loss
from core.networks import SequenceModel
from core.tasks.likelihood import cross_entropy
from core.tasks.task import Task
from core.training.carried import each_tensor
from core.training.evaluation import evaluate
from core.training.settings import TrainingSettings


class HeldOut(NamedTuple):
    """Loss and score on data that training never sees; None for what is not measured."""

    loss: float | None
    score: float | None


class Learner(ABC):
    """What the loop asks of a model and the subject that it learns."""

    model: nn.Module

    @cached_property
    @abstractmethod
    def fingerprint(self) -> str:
        """A digest of the data: a run is resumed on the same data only."""

    @property
    @abstractmethod
    def draws(self) -> bool:
        """Whether learning draws random numbers."""

    @cached_property
    @abstractmethod
    def description(self) -> dict[str, Any]:
        """Subject and network as plain JSON, for checkpoints."""

    @abstractmethod
    def loss(self, step: int, settings: TrainingSettings, carried: Any) -> Loss:
        """The loss of update number ``step``, after a state ``carried`` from the one before."""

    @abstractmethod
    def held_out(self) -> HeldOut:
        """Measured in eval mode, without gradients."""

    def check_carried(self, carried: Any, step: int, settings: TrainingSettings) -> None:
        """ValueError unless ``carried`` has the structure and the shapes that the model gives."""
        if carried is None:
            return
        training = self.model.training
        self.model.eval()
        with torch.no_grad():
            expected = self.loss(max(0, step - 1), settings, None).carried
        self.model.train(training)
        if _shapes(carried) != _shapes(expected):
            raise ValueError(
                "The carried state of the checkpoint does not fit the model; start a new run."
            )


class TextLearner(Learner):
    """Next-character prediction with truncated backpropagation through time."""

    model: SequenceModel

    def __init__(self, model: SequenceModel, task: Task) -> None:
        _check_fit(model, task)
        self.model, self.task = model, task
        self.device = next(model.parameters()).device

    @cached_property
    def fingerprint(self) -> str:
        return self.task.fingerprint

    @property
    def draws(self) -> bool:
        return self.model.settings.dropout > 0 and self.model.settings.num_layers > 1

    @cached_property
    def description(self) -> dict[str, Any]:
        return {
            "model": asdict(self.model.settings),
            "vocabulary": list(self.task.vocabulary.tokens),
        }

    def loss(self, step: int, settings: TrainingSettings, carried: Any) -> Loss:
        batch = self.task.batch(step, settings.batch, settings.unroll)
        inputs, targets = batch.inputs.to(self.device), batch.targets.to(self.device)
        logits, state = self.model(inputs, carried if batch.continues else None)
        return Loss(cross_entropy(logits, targets), state, inputs.numel())

    def held_out(self) -> HeldOut:
        return HeldOut(evaluate(self.model, self.task.validation), None)


class ApplicationLearner(Learner):
    """Any application, on the CPU."""

    draws = True  # an application may toss coins (teacher forcing) without having dropout

    def __init__(self, model: nn.Module, application: Application) -> None:
        self.model, self.application = model, application

    @cached_property
    def fingerprint(self) -> str:
        return self.application.fingerprint

    @cached_property
    def description(self) -> dict[str, Any]:
        described = json.loads(json.dumps(self.application.describe()))  # tuples become lists
        return {"application": self.application.name, "description": described}

    def loss(self, step: int, settings: TrainingSettings, carried: Any) -> Loss:
        draws = Draws(settings.seed, settings.batch, settings.unroll)
        return self.application.loss(self.model, self.application.batch(step, draws), carried)

    def held_out(self) -> HeldOut:
        return HeldOut(*self.application.measure(self.model))


def learner(model: nn.Module, subject: Task | Application) -> Learner:
    """How ``model`` learns ``subject``; ValueError where the two do not fit."""
    if isinstance(subject, Application):
        return ApplicationLearner(model, subject)
    if not isinstance(model, SequenceModel):
        raise TypeError(
            f"A text is learned by a SequenceModel; got {type(model).__name__}. Make it with "
            "core.training.loop.new_model."
        )
    return TextLearner(model, subject)


def _shapes(carried: Any) -> Any:
    return each_tensor(carried, lambda tensor: (tuple(tensor.shape), tensor.dtype))


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
