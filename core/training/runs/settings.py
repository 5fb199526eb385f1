"""Everything that fixes a run, as plain JSON and back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import torch
from torch import nn

from core.applications import Application, application_class, new_network
from core.applications.applied import architecture_from
from core.networks.architecture import Architecture
from core.training.settings import TrainingSettings

LARGEST_SCALE = 1000.0
MOST_KEPT = 200
LONGEST_TITLE = 200


@dataclass(frozen=True)
class RunSettings:
    """One training from its first weights to its last.

    application, options: its name in the registry, and the keyword arguments of its class.
    architecture, training: the network, and how it learns.
    title: for people; anything.
    start_scale: what the first weights are multiplied by; 1 leaves them as they are drawn.
    kept: how many checkpoints are kept for looking back, besides the one before the first
        update.
    data: the user's own text, which the application gets as ``text``; it is no part of the
        JSON but has a file of its own.

    Raises ValueError for anything out of its range, an unknown application too.
    """

    application: str
    options: Mapping[str, Any] = field(default_factory=dict)
    architecture: Architecture = field(default_factory=Architecture)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    title: str = ""
    start_scale: float = 1.0
    kept: int = 12
    data: str | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        application_class(self.application)
        if not (math.isfinite(self.start_scale) and 0 < self.start_scale <= LARGEST_SCALE):
            raise ValueError(
                f"start_scale is {self.start_scale}; expected more than 0, at most {LARGEST_SCALE}."
            )
        if not 1 <= self.kept <= MOST_KEPT:
            raise ValueError(f"kept is {self.kept}; expected 1 to {MOST_KEPT} checkpoints.")
        if len(self.title) > LONGEST_TITLE:
            raise ValueError(
                f"The title has {len(self.title)} characters; expected at most {LONGEST_TITLE}."
            )

    def make_application(self) -> Application:
        """The application with its options; ValueError for options that it does not know."""
        options = dict(self.options) | ({} if self.data is None else {"text": self.data})
        try:
            return application_class(self.application)(**options)
        except TypeError as error:
            raise ValueError(f"The application {self.application!r}: {error}.") from error

    def count_parameters(self) -> int:
        """How many numbers are learned; the network is not built, however large it would be.

        Raises ValueError for a network that makes no sense for the application.
        """
        application = self.make_application()
        _ = application.fingerprint  # data are made here, not below, where they would be empty
        with torch.device("meta"):  # shapes without memory
            model = application.network(self.architecture)
        return sum(parameter.numel() for parameter in model.parameters())

    def make_network(self, application: Application) -> nn.Module:
        """The network before its first update; the same for the same settings."""
        model = new_network(application, self.architecture, self.training.seed)
        if self.start_scale != 1:
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter.mul_(self.start_scale)
        return model

    def kept_steps(self) -> tuple[int, ...]:
        """Updates after which a checkpoint is kept: close together at first, when most happens.

        Each is a multiple of ``training.every`` or the last update, since a run is looked at
        nowhere else.
        """
        steps, every = self.training.steps, self.training.every
        looks = math.ceil(steps / every)
        wanted = {max(1, round(looks ** ((place + 1) / self.kept))) for place in range(self.kept)}
        later = iter(range(1, looks + 1))
        while len(wanted) < min(self.kept, looks):  # the first ones fall together
            wanted.add(next(later))
        return tuple(sorted(min(steps, look * every) for look in wanted))

    def to_json(self) -> dict[str, Any]:
        """Plain values, without ``data``."""
        return {
            "application": self.application,
            "options": dict(self.options),
            "architecture": asdict(self.architecture),
            "training": asdict(self.training),
            "title": self.title,
            "start_scale": self.start_scale,
            "kept": self.kept,
        }

    @classmethod
    def from_json(cls, found: object, file: str = "settings.json") -> RunSettings:
        """The inverse of ``to_json``; ValueError for anything else, naming ``file``."""
        known = {"application", "options", "architecture", "training", "title"}
        known |= {"start_scale", "kept"}
        if not isinstance(found, dict) or set(found) != known:
            names = sorted(found) if isinstance(found, dict) else type(found).__name__
            raise ValueError(f"{file} has {names}; expected {sorted(known)}.")
        if not isinstance(found["options"], dict) or not isinstance(found["title"], str):
            raise ValueError(f"{file}: options must be an object, and the title a text.")
        try:
            return cls(
                application=found["application"],
                options=found["options"],
                architecture=architecture_from(found["architecture"], file),
                training=training_from(found["training"], file),
                title=found["title"],
                start_scale=found["start_scale"],
                kept=found["kept"],
            )
        except TypeError as error:  # a text where a number belongs, and the like
            raise ValueError(f"{file}: {error}.") from error


def training_from(found: object, file: str) -> TrainingSettings:
    """``TrainingSettings`` of plain values, each of the right type."""
    kinds = {entry.name: str(entry.type) for entry in fields(TrainingSettings)}
    if not isinstance(found, dict) or set(found) != set(kinds):
        names = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise ValueError(f"{file} has the training settings {names}; expected {sorted(kinds)}.")
    types: dict[str, tuple[type, ...]] = {
        "str": (str,),
        "int": (int,),
        "float": (int, float),
        "float | None": (int, float, type(None)),
    }
    for key, value in found.items():
        if isinstance(value, bool) or not isinstance(value, types[kinds[key]]):
            raise ValueError(f"{file}: the setting {key} is {value!r}; expected {kinds[key]}.")
    return TrainingSettings(**found)


def parse_settings(text: str, file: str = "settings.json") -> RunSettings:
    """``RunSettings`` of JSON text; ValueError for anything else."""
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"{file} is not JSON ({error}).") from error
    return RunSettings.from_json(found, file)
