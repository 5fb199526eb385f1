"""A run stopped half-way, in one file that cannot run code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from torch import Tensor, nn

from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import model_from, settings_from, vocabulary_from
from core.networks.tensor_file import read_tensors, write_tensors
from core.training.settings import TrainingSettings

KIND, VERSION = "unrolled-checkpoint", 1
MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # what Adam keeps for every parameter


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a run needs to go on as if nothing had happened.

    step: updates done, which is also the place in the data.
    optimiser: Adam's moments, named ``{parameter}.{moment}``.
    carried: the recurrent state that the next batch starts from.
    random: the state of the random numbers that dropout draws.
    fingerprint: of the data, so that a run is not resumed on another text.
    """

    model_settings: ModelSettings
    settings: TrainingSettings
    vocabulary: Vocabulary
    fingerprint: str
    step: int
    weights: Mapping[str, Tensor]
    optimiser: Mapping[str, Tensor]
    carried: tuple[Tensor, ...]
    random: Mapping[str, Tensor]

    def check_fits(
        self, model_settings: ModelSettings, settings: TrainingSettings, fingerprint: str
    ) -> None:
        """ValueError unless these are the settings and the data of the run that was stopped.

        ``every`` and ``validate`` may differ: how often one looks changes nothing.
        """
        if fingerprint != self.fingerprint:
            raise ValueError(
                "The checkpoint belongs to a run on other data; resume with the text that the "
                "run was started with, or start a new run."
            )
        differences = _differences(asdict(self.model_settings), asdict(model_settings))
        looks = {"every": settings.every, "validate": settings.validate}
        differences += _differences(asdict(self.settings) | looks, asdict(settings))
        if differences:
            raise ValueError(
                f"The checkpoint has other settings: {'; '.join(differences)}. Resume with the "
                "settings of the checkpoint, or start a new run."
            )


def save_checkpoint(path: str | Path, checkpoint: Checkpoint) -> Path:
    """Write ``checkpoint`` to one ``.safetensors`` file, replacing the old one at once."""
    tensors = {f"weights.{name}": value for name, value in checkpoint.weights.items()}
    tensors |= {f"optimiser.{name}": value for name, value in checkpoint.optimiser.items()}
    tensors |= {f"carried.{place}": value for place, value in enumerate(checkpoint.carried)}
    tensors |= {f"random.{name}": value for name, value in checkpoint.random.items()}
    header = {
        "model": asdict(checkpoint.model_settings),
        "training": asdict(checkpoint.settings),
        "vocabulary": list(checkpoint.vocabulary.tokens),
        "fingerprint": checkpoint.fingerprint,
        "step": checkpoint.step,
    }
    return write_tensors(path, KIND, VERSION, tensors, header)


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read what ``save_checkpoint`` wrote.

    Raises FileNotFoundError, and ValueError for a damaged or foreign file.
    """
    name = Path(path).name
    tensors, header = read_tensors(path, KIND, VERSION)
    model_settings = settings_from(header.get("model"), name)
    weights = _part(tensors, "weights")
    model = model_from(model_settings, weights, name)
    optimiser = _part(tensors, "optimiser")
    _check_optimiser(model, optimiser, name)
    step, fingerprint = header.get("step"), header.get("fingerprint")
    if not isinstance(step, int) or step < 0 or not isinstance(fingerprint, str):
        raise ValueError(f"{name} does not say where its run stopped; start a new run.")
    settings = _training_settings(header.get("training"), name)
    return Checkpoint(
        model_settings=model_settings,
        settings=settings,
        vocabulary=vocabulary_from(header.get("vocabulary"), name),
        fingerprint=fingerprint,
        step=step,
        weights=weights,
        optimiser=optimiser,
        carried=_carried(model, settings.batch, _part(tensors, "carried"), name),
        random=_part(tensors, "random"),
    )


def optimiser_tensors(model: nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments by the names of the parameters; none before the first update."""
    return {
        f"{name}.{moment}": value
        for name, parameter in model.named_parameters()
        for moment, value in optimiser.state.get(parameter, {}).items()
    }


def restore_optimiser(
    model: nn.Module, optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]
) -> None:
    """Give ``optimiser`` the moments that ``optimiser_tensors`` returned."""
    for name, parameter in model.named_parameters():
        if f"{name}.step" not in tensors:
            continue
        moments = {moment: tensors[f"{name}.{moment}"].clone() for moment in MOMENTS}
        # torch keeps the count of updates on the CPU wherever the parameter is
        moments |= {key: moments[key].to(parameter.device) for key in MOMENTS[1:]}
        optimiser.state[parameter] = moments


def _part(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    start = f"{part}."
    return {key[len(start) :]: t for key, t in tensors.items() if key.startswith(start)}


def _check_optimiser(model: SequenceModel, found: Mapping[str, Tensor], file: str) -> None:
    expected = {
        f"{name}.{moment}": torch.Size() if moment == "step" else parameter.shape
        for name, parameter in model.named_parameters()
        for moment in MOMENTS
    }
    shapes = {name: tensor.shape for name, tensor in found.items()}
    if found and shapes != expected:
        wrong = sorted(k for k in expected | shapes if expected.get(k) != shapes.get(k))
        raise ValueError(
            f"{file}: the optimiser's state does not fit the model at {wrong[:5]}; start a new run."
        )


@torch.no_grad()
def _carried(
    model: SequenceModel, batch: int, found: Mapping[str, Tensor], file: str
) -> tuple[Tensor, ...]:
    """The recurrent state in its order, of the very shape that the model itself returns."""
    if not found:
        return ()
    _, state = model(torch.zeros(1, batch, dtype=torch.long))
    expected = (state,) if isinstance(state, Tensor) else tuple(state)
    shapes = {str(place): part.shape for place, part in enumerate(expected)}
    if {place: part.shape for place, part in found.items()} != shapes:
        raise ValueError(f"{file}: the carried state does not fit the model; start a new run.")
    return tuple(found[place] for place in shapes)


def _training_settings(found: object, file: str) -> TrainingSettings:
    known = {entry.name for entry in fields(TrainingSettings)}
    if not isinstance(found, dict) or set(found) != known:
        raise ValueError(f"{file} lacks training settings of this project; start a new run.")
    try:
        return TrainingSettings(**found)
    except TypeError as error:  # a text where a number belongs cannot be compared with one
        raise ValueError(f"{file}: {error}; start a new run.") from error


def _differences(saved: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    return [
        f"{key} was {value} and is now {now[key]}"
        for key, value in saved.items()
        if now[key] != value
    ]
