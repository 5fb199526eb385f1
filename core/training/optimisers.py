"""The optimisers to choose from, and what each of them remembers."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from core.training.settings import TrainingSettings

MOMENTUM = 0.9  # of gradient descent: a step is 0.9 of the step before, and the gradient
# What each keeps for every parameter, by torch's names
MOMENTS: dict[str, tuple[str, ...]] = {
    "adamw": ("step", "exp_avg", "exp_avg_sq"),
    "adam": ("step", "exp_avg", "exp_avg_sq"),
    "sgd": ("momentum_buffer",),
    "rmsprop": ("step", "square_avg"),
}


def make_optimiser(model: nn.Module, settings: TrainingSettings) -> torch.optim.Optimizer:
    """torch's optimiser of this name over the weights of ``model``."""
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), rate, MOMENTUM, weight_decay=decay)
    kinds = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}
    return kinds[settings.optimizer](model.parameters(), rate, weight_decay=decay)


def optimiser_tensors(model: nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What it remembers, as ``{parameter}.{moment}``; nothing before the first update."""
    return {
        f"{name}.{moment}": value
        for name, parameter in model.named_parameters()
        for moment, value in optimiser.state.get(parameter, {}).items()
        if value is not None
    }


def restore_optimiser(
    model: nn.Module, optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]
) -> None:
    """Give ``optimiser`` the moments that ``optimiser_tensors`` returned."""
    for name, parameter in model.named_parameters():
        start = f"{name}."
        moments = {k[len(start) :]: t.clone() for k, t in tensors.items() if k.startswith(start)}
        # torch keeps the count of updates on the CPU wherever the parameter is
        placed = {k: t if k == "step" else t.to(parameter.device) for k, t in moments.items()}
        if placed:
            optimiser.state[parameter] = placed


def check_moments(
    model: nn.Module, settings: TrainingSettings, found: Mapping[str, Tensor], file: str
) -> None:
    """ValueError unless ``found`` has all moments, of the right shape, or none, of each weight.

    A weight that no batch has used yet has none.
    """
    expected: dict[str, torch.Size] = {}
    for name, parameter in model.named_parameters():
        own = {
            f"{name}.{moment}": torch.Size() if moment == "step" else parameter.shape
            for moment in MOMENTS[settings.optimizer]
        }
        if own.keys() & found.keys():
            expected |= own
    shapes = {name: tensor.shape for name, tensor in found.items()}
    if shapes != expected:
        wrong = sorted(k for k in expected | shapes if expected.get(k) != shapes.get(k))
        raise ValueError(
            f"{file}: the optimiser's state does not fit the model at {wrong[:5]}; start a new run."
        )
