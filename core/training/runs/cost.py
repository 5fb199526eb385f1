"""What a run will take, before it is started."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.training.loop import Training, train
from core.training.optimisers import MOMENTS
from core.training.runs.settings import RunSettings

TRIED = 3  # updates that are timed, after one that warms up
PATIENCE = 1.0  # seconds after which no further update is timed


@dataclass(frozen=True)
class Cost:
    """parameters: how many numbers are learned. bytes_of_memory: of weights, gradients, what
    the optimiser keeps, and one batch with its states, estimated. seconds: of training, from
    timing a few updates here and now; held-out measurements come on top."""

    parameters: int
    bytes_of_memory: int
    seconds: float


def estimate(settings: RunSettings) -> Cost:
    """Time a few updates of the real thing; a second or two, longer where one update is slow.

    Raises ValueError for settings that do not fit together.
    """
    torch.set_num_threads(1)  # as every run has
    application = settings.make_application()
    model = settings.make_network(application)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    looks = replace(settings.training, every=1, validate=settings.training.steps + 1)
    run = train(model, application, looks)
    times: list[float] = []
    began = time.perf_counter()
    while len(times) <= TRIED and run.step + 1 < looks.steps:
        started = time.perf_counter()
        next(run)
        times.append(time.perf_counter() - started)
        if time.perf_counter() - began > PATIENCE:
            break
    each = min(times) if times else 0.0
    copies = 2 + len(MOMENTS[settings.training.optimizer])
    held = 4 * parameters * copies + _bytes_for_backward(run)
    return Cost(parameters, held, each * settings.training.steps)


def _bytes_for_backward(run: Training) -> int:
    """What the forward pass of one batch keeps for the backward pass, each storage once."""
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = run.learner.loss(run.step, run.settings, None)  # alive, so that no address is reused
    del loss
    return sum(kept.values())
