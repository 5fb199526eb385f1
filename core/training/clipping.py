r"""Gradient clipping on a task that explodes: every update with its norm before and after.

Source: R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural
networks (2013), for clipping by norm; T. Mikolov, Statistical language models based on neural
networks (2012), for clipping by value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from core.networks import Recurrent

Clipping = Literal["none", "norm", "value"]
CLIPPINGS: tuple[Clipping, ...] = ("none", "norm", "value")
LARGEST = 1e12
"""A gradient larger than this, or a loss, is no longer worth following: training has failed."""


def clip(gradients: Sequence[Tensor], clipping: Clipping, threshold: float) -> list[Tensor]:
    r"""The gradients as the update uses them.

    .. math:: \text{norm:}\quad g \leftarrow g\,\min(1, M / \|g\|_2) \qquad
              \text{value:}\quad g_i \leftarrow \max(-M, \min(M, g_i))

    The norm is that of all gradients together, so their direction stays; by value each number
    is cut for itself and the direction turns. With n numbers the norm is at most M by norm and
    :math:`M \sqrt n` by value. Raises ValueError for another clipping or a threshold that is
    not positive.
    """
    if clipping not in CLIPPINGS:
        raise ValueError(f"clipping is {clipping!r}; expected one of {', '.join(CLIPPINGS)}.")
    if clipping == "none":
        return list(gradients)
    if not threshold > 0:
        raise ValueError(f"threshold is {threshold}; expected a positive number.")
    if clipping == "value":
        return [gradient.clamp(-threshold, threshold) for gradient in gradients]
    share = min(1.0, threshold / max(total_norm(gradients), 1e-300))
    return [gradient * share for gradient in gradients]


def total_norm(gradients: Sequence[Tensor]) -> float:
    """The Euclidean length of all gradients side by side."""
    return math.sqrt(sum(float(gradient.square().sum()) for gradient in gradients))


@dataclass(frozen=True)
class ExplodingTask:
    """Remember the first number of a sequence while random ones go by, with a tanh network.

    steps: length of the sequences; the answer is asked for after the last.
    radius: spectral radius of the recurrent matrix at the start; above 1 gradients can grow.
    updates: plain gradient descent steps of ``learning_rate`` on ``batch`` new sequences each.
    Raises ValueError for sizes that are not positive.
    """

    steps: int = 20
    radius: float = 1.3
    units: int = 32
    batch: int = 32
    updates: int = 240
    learning_rate: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "radius", "units", "batch", "updates", "learning_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; expected a positive number.")

    @property
    def baseline(self) -> float:
        """The mean squared error of always answering 0, the mean: numbers lie in [-1, 1]."""
        return 1 / 3

    def network(self) -> tuple[Recurrent, nn.Linear]:
        """The network at its start, always the same for the same settings, in float64."""
        generator = torch.Generator().manual_seed(self.seed)
        recurrent = Recurrent("elman", 1, self.units).double()
        read_out = nn.Linear(self.units, 1).double()
        cell = recurrent.cells[0][0]
        with torch.no_grad():
            for parameter in (*recurrent.parameters(), *read_out.parameters()):
                parameter.zero_()
            draw = torch.randn(self.units, self.units, generator=generator, dtype=torch.float64)
            cell.weight_hh.copy_(draw * (self.radius / torch.linalg.eigvals(draw).abs().max()))
            cell.weight_ih.normal_(0, 0.5, generator=generator)
            read_out.weight.normal_(0, self.units**-0.5, generator=generator)
        return recurrent, read_out

    def sequences(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Numbers (time, batch, 1), uniform in [-1, 1], and the answers (batch, 1)."""
        shape = (self.steps, self.batch, 1)
        numbers = torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1
        return numbers, numbers[0]


class Update(NamedTuple):
    """One update. loss: mean squared error before it; before, after: norm of the gradient
    without and with clipping; after is what the update used. All inf once training has failed."""

    loss: float
    before: float
    after: float


def train(task: ExplodingTask, clipping: Clipping, threshold: float) -> Iterator[Update]:
    """Train on ``task``; the data of each update is the same whatever the clipping.

    Ends early after an update whose loss or gradient is not finite or beyond ``LARGEST``.
    """
    recurrent, read_out = task.network()
    parameters = [*recurrent.parameters(), *read_out.parameters()]
    generator = torch.Generator().manual_seed(task.seed + 1)
    for _ in range(task.updates):
        numbers, answers = task.sequences(generator)
        loss = (read_out(recurrent(numbers)[0][-1]) - answers).square().mean()
        gradients = torch.autograd.grad(loss, parameters)
        before = total_norm(gradients)
        if not (before < LARGEST and float(loss.detach()) < LARGEST):
            yield Update(math.inf, math.inf, math.inf)
            return
        used = clip(gradients, clipping, threshold)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, used):
                parameter.sub_(gradient, alpha=task.learning_rate)
        yield Update(float(loss.detach()), before, total_norm(used))


class StartGradient(NamedTuple):
    """The gradient of the untrained network, step by step and number by number.

    by_step (time, units, units): of each step's own copy of the recurrent matrix.
    numbers (n,): of all parameters, each as one number; the copies are one matrix again.
    """

    by_step: Tensor
    numbers: Tensor

    @property
    def norm(self) -> float:
        """The length of the whole, which clipping by norm looks at."""
        return total_norm([self.numbers])


def start_gradient(task: ExplodingTask) -> StartGradient:
    r"""The first gradient of ``train``, with what each step adds to it.

    Clipping by norm multiplies every step's part by the same :math:`\min(1, M/\|g\|)`: what has
    vanished beside the others stays vanished beside them.
    """
    recurrent, read_out = task.network()
    numbers, answers = task.sequences(torch.Generator().manual_seed(task.seed + 1))
    cell = recurrent.cells[0][0]
    tied, copies, state = cell.weight_hh, [], cell.initial_state(task.batch)
    for x in numbers:
        copies.append(tied.detach().clone().requires_grad_())
        step = torch.func.functional_call(cell, {"weight_hh": copies[-1]}, (x, state))
        state = step.state
    loss = (read_out(step.output) - answers).square().mean()
    others = [p for p in (*recurrent.parameters(), *read_out.parameters()) if p is not tied]
    found = torch.autograd.grad(loss, [*copies, *others])
    by_step = torch.stack(found[: task.steps])
    whole = [by_step.sum(0), *found[task.steps :]]
    return StartGradient(by_step, torch.cat([gradient.flatten() for gradient in whole]))
