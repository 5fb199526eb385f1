"""A small run of the real thing, from which the cost of a large one is reckoned.

Whatever is asked for, what runs here is small: a handful of sequences, a network of a few units.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor, nn

from core.applications import Application, Draws
from core.networks.architecture import Architecture
from core.networks.random_numbers import RandomNumbers
from core.networks.reader import Ends, Reader
from core.training.settings import TrainingSettings

BATCH = 4
NARROW, WIDE = 48, 96  # the fused LSTM's own memory grows evenly only from about here
REPEATS = 2


@dataclass(frozen=True)
class Trial:
    """steps: of time that were read. seconds: of one forward and backward pass, the best of
    ``REPEATS``. kept: bytes that the forward pass keeps for the backward pass, weights not
    counted."""

    steps: int
    seconds: float
    kept: int


@dataclass(frozen=True)
class Pace:
    """How fast this machine is with a cell, beyond what each step of time takes by itself.

    product: seconds of a multiplication with an addition in the matrix products of a forward and
    a backward pass. element: seconds that one unit takes in one step.
    """

    product: float
    element: float


def trial(
    application: Application,
    architecture: Architecture,
    training: TrainingSettings,
    units: int,
    layers: int,
) -> Trial:
    """One update's passes with ``units`` and ``layers`` instead of the architecture's own."""
    small = replace(architecture, hidden_size=units, num_layers=layers)
    draws = Draws(training.seed, min(BATCH, training.batch), training.unroll)
    with RandomNumbers(training.seed):
        model = application.network(small)
        batch = application.batch(0, draws)
        best, kept, steps = float("inf"), 0, 0
        for _ in range(REPEATS):
            started = time.perf_counter()
            found, kept = kept_for_backward(model, lambda: application.loss(model, batch))
            found.mean.backward()
            best, steps = min(best, time.perf_counter() - started), found.steps
    return Trial(steps, best, kept)


@lru_cache(maxsize=64)
def pace(cell: str) -> Pace:
    """Measured once a process, at sizes that no reader chooses.

    Two networks, one whose matrix products weigh most and one whose units do, give two equations
    for the two rates.
    """
    wide = _passes(cell, units=192, batch=16)
    many = _passes(cell, units=24, batch=512)
    products = [one[1] for one in (wide, many)]
    elements = [one[2] for one in (wide, many)]
    determinant = products[0] * elements[1] - products[1] * elements[0]
    product = (wide[0] * elements[1] - many[0] * elements[0]) / determinant
    element = (products[0] * many[0] - products[1] * wide[0]) / determinant
    if product <= 0 or element <= 0:  # a busy machine: one rate for both
        return Pace(sum(one[0] for one in (wide, many)) / sum(products), 0.0)
    return Pace(product, element)


@lru_cache(maxsize=1)
def optimiser_pace() -> float:
    """Seconds that an update takes for one weight and one number that is kept about it."""
    weights = nn.Parameter(torch.zeros(500_000))
    weights.grad = torch.ones_like(weights)
    optimiser = torch.optim.AdamW([weights], lr=1e-3)
    best = float("inf")
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        optimiser.step()
        best = min(best, time.perf_counter() - started)
    return best / (3 * weights.numel())


def kept_for_backward(model: nn.Module, forward):
    """What ``forward()`` returns, and the bytes that it keeps, each storage once.

    Weights are kept anyway and are not counted.
    """
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        found = forward()  # alive until the sum is taken, so that no address is reused
    return found, sum(kept.values())


def _passes(cell: str, *, units: int, batch: int, steps: int = 8) -> tuple[float, float, float]:
    """Seconds of both passes beyond those of a tiny network; products and units in them."""
    seconds = _timed(cell, units, batch, steps) - _timed(cell, 4, BATCH, steps)
    model = _network(cell, units)
    weights = sum(parameter.numel() for parameter in model.parameters())
    read = steps * batch
    return max(seconds, 1e-6), 3.0 * weights * read, float(units * read)


def _timed(cell: str, units: int, batch: int, steps: int) -> float:
    with RandomNumbers(0):
        model = _network(cell, units)
        inputs = torch.randn(steps, batch, 4)
    best = float("inf")
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        model(inputs)[0].square().mean().backward()
        best = min(best, time.perf_counter() - started)
    return best


def _network(cell: str, units: int) -> nn.Module:
    with RandomNumbers(0):
        return Reader(Architecture(cell, units), Ends(4, 4, tokens=False), softmax=False)
