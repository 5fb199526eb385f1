"""The activation functions that an Elman or Jordan cell may use, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional


def _identity(x: Tensor) -> Tensor:
    return x


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "elu": functional.elu,
    "identity": _identity,
}

OUTPUT_ACTIVATIONS = ACTIVATIONS | {"softmax": partial(torch.softmax, dim=-1)}


def find_activation(
    name: str, known: dict[str, Callable[[Tensor], Tensor]] = ACTIVATIONS
) -> Callable[[Tensor], Tensor]:
    """The function called ``name``; a ValueError that lists the known ones otherwise."""
    if name not in known:
        raise ValueError(f"Activation {name!r} is not known; choose one of {', '.join(known)}.")
    return known[name]
