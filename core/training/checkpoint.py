"""A run stopped half-way, in one file that cannot run code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.networks import ModelSettings, Vocabulary
from core.networks.model_file import model_from, settings_from, vocabulary_from
from core.networks.tensor_file import read_tensors, write_tensors
from core.training.carried import flatten, unflatten
from core.training.optimisers import check_moments
from core.training.settings import TrainingSettings

KIND, VERSION = "unrolled-checkpoint", 1
SHOWN = 60  # characters of a setting that differs


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a run needs to go on as if nothing had happened.

    subject: plain JSON of what is learned: "model" and "vocabulary" for a text, "application"
        and its "description" otherwise.
    step: updates done, which is also the place in the data.
    optimiser: what the optimiser remembers, named ``{parameter}.{moment}``.
    carried, carried_form: the recurrent state that the next batch starts from, as
        ``core.training.carried.flatten`` gives it.
    random: the state of the random numbers that dropout draws.
    fingerprint: of the data, so that a run is not resumed on others.
    """

    subject: Mapping[str, Any]
    settings: TrainingSettings
    fingerprint: str
    step: int
    weights: Mapping[str, Tensor]
    optimiser: Mapping[str, Tensor]
    carried: tuple[Tensor, ...]
    carried_form: Any
    random: Mapping[str, Tensor]

    @property
    def model_settings(self) -> ModelSettings:
        """Of a text's model; ValueError for an application's checkpoint."""
        return settings_from(self.subject.get("model"), "The checkpoint")

    @property
    def vocabulary(self) -> Vocabulary:
        """Of a text; ValueError for an application's checkpoint."""
        return vocabulary_from(self.subject.get("vocabulary"), "The checkpoint")

    def check_fits(
        self, subject: Mapping[str, Any], settings: TrainingSettings, fingerprint: str
    ) -> None:
        """ValueError unless these are the settings and the data of the run that was stopped.

        ``every`` and ``validate`` may differ: how often one looks changes nothing.
        """
        if fingerprint != self.fingerprint:
            raise ValueError(
                "The checkpoint belongs to a run on other data; resume with the data that the "
                "run was started with, or start a new run."
            )
        differences = _differences(self.subject, subject)
        looks = {"every": settings.every, "validate": settings.validate}
        differences += _differences(asdict(self.settings) | looks, asdict(settings))
        if differences:
            raise ValueError(
                f"The checkpoint has other settings: {'; '.join(differences)}. Resume with the "
                "settings of the checkpoint, or start a new run."
            )

    def check_weights(self, model: nn.Module, file: str = "The checkpoint") -> None:
        """ValueError unless weights and moments have the names and shapes of ``model``."""
        expected = {key: (t.shape, t.dtype) for key, t in model.state_dict().items()}
        found = {key: (t.shape, t.dtype) for key, t in self.weights.items()}
        if found != expected:
            wrong = sorted(k for k in expected | found if expected.get(k) != found.get(k))
            raise ValueError(
                f"{file} has weights of another network at {wrong[:5]}; resume with the settings "
                "of its run, or start a new run."
            )
        check_moments(model, self.settings, self.optimiser, file)


def save_checkpoint(path: str | Path, checkpoint: Checkpoint) -> Path:
    """Write ``checkpoint`` to one ``.safetensors`` file, replacing the old one at once."""
    tensors = {f"weights.{name}": value for name, value in checkpoint.weights.items()}
    tensors |= {f"optimiser.{name}": value for name, value in checkpoint.optimiser.items()}
    tensors |= {f"carried.{place}": value for place, value in enumerate(checkpoint.carried)}
    tensors |= {f"random.{name}": value for name, value in checkpoint.random.items()}
    header = {
        **checkpoint.subject,
        "training": asdict(checkpoint.settings),
        "fingerprint": checkpoint.fingerprint,
        "step": checkpoint.step,
        "carried": checkpoint.carried_form,
    }
    return write_tensors(path, KIND, VERSION, tensors, header)


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read what ``save_checkpoint`` wrote.

    The tensors of an application's checkpoint are compared with its network when it is resumed.
    Raises FileNotFoundError, and ValueError for a damaged or foreign file.
    """
    name = Path(path).name
    tensors, header = read_tensors(path, KIND, VERSION)
    step, fingerprint = header.get("step"), header.get("fingerprint")
    if not isinstance(step, int) or step < 0 or not isinstance(fingerprint, str):
        raise ValueError(f"{name} does not say where its run stopped; start a new run.")
    settings = _training_settings(header.get("training"), name)
    subject = {
        key: header.get(key)
        for key in (
            ("application", "description") if "application" in header else ("model", "vocabulary")
        )
    }
    found = _part(tensors, "carried")
    carried, form = _carried(found, header.get("carried"), name)
    saved = Checkpoint(
        subject=subject,
        settings=settings,
        fingerprint=fingerprint,
        step=step,
        weights=_part(tensors, "weights"),
        optimiser=_part(tensors, "optimiser"),
        carried=carried,
        carried_form=form,
        random=_part(tensors, "random"),
    )
    if "model" in subject:
        _check_text(saved, name)
    return saved


def _part(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    start = f"{part}."
    return {key[len(start) :]: t for key, t in tensors.items() if key.startswith(start)}


def _carried(found: Mapping[str, Tensor], form: Any, file: str) -> tuple[tuple[Tensor, ...], Any]:
    """The tensors in their order, and where each belongs."""
    if form is None and found:  # written before the form was: one tensor, or a tuple of them
        form = 0 if len(found) == 1 else list(range(len(found)))
    if set(found) != {str(place) for place in range(len(found))}:
        raise ValueError(f"{file}: the carried state is not complete; start a new run.")
    tensors = tuple(found[str(place)] for place in range(len(found)))
    try:
        unflatten(tensors, form)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    return tensors, form


def _check_text(saved: Checkpoint, file: str) -> None:
    """ValueError unless every tensor fits the model that the settings describe."""
    vocabulary_from(saved.subject["vocabulary"], file)
    settings = settings_from(saved.subject["model"], file)
    model = model_from(settings, saved.weights, file)
    check_moments(model, saved.settings, saved.optimiser, file)
    if not saved.carried:
        return
    with torch.no_grad():
        _, state = model(torch.zeros(1, saved.settings.batch, dtype=torch.long))
    expected = [part.shape for part in flatten(state)[0]]
    if [part.shape for part in saved.carried] != expected:
        raise ValueError(f"{file}: the carried state does not fit the model; start a new run.")


def _training_settings(found: object, file: str) -> TrainingSettings:
    known = {entry.name for entry in fields(TrainingSettings)}
    later = {"optimizer"}  # settings that older files do not have
    if not isinstance(found, dict) or not known - later <= set(found) <= known:
        raise ValueError(f"{file} lacks training settings of this project; start a new run.")
    try:
        return TrainingSettings(**found)
    except TypeError as error:  # a text where a number belongs cannot be compared with one
        raise ValueError(f"{file}: {error}; start a new run.") from error


def _differences(saved: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for key, value in saved.items():
        other = now.get(key)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            found += _differences(value, other)
        elif value != other:
            found.append(f"{key} was {_short(value)} and is now {_short(other)}")
    return found


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
