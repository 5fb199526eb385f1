"""Small random networks in float64, and their gradients as autograd gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core import Trace, record
from core.cells import LSTM_VARIANTS, Step
from core.networks import Recurrent

TORCH_KINDS = ("elman", "lstm", "gru")
VARIANTS = tuple(variant.kind for variant in LSTM_VARIANTS)
GATED = ("lstm", "gru", "gru-original", "mgu", *VARIANTS)
ALL_KINDS = ("elman", "jordan", "higher-order", *GATED)


class Example(NamedTuple):
    """A network that has read something, and how much its loss minds each output.

    loss_weights (time, batch, features): the loss at step t is their product with the output.
    """

    network: Recurrent
    inputs: Tensor
    loss_weights: Tensor
    trace: Trace

    @property
    def direct(self) -> Tensor:
        """dL_t/dy_t, known without any derivative: the loss is linear."""
        return self.loss_weights


def example(
    kind: str, *, steps: int = 7, batch: int = 2, units: int = 4, seed: int = 0, **options
) -> Example:
    """Random weights, wide enough that every gate moves."""
    torch.manual_seed(seed)
    network = Recurrent(kind, 3, units, **options).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.6)
        if kind == "lstm-relu-gates":  # else most of them start shut for good
            for _, cell in network.named_cells():
                cell.bias_ih.add_(0.5)
    inputs = torch.randn(steps, batch, 3, dtype=torch.float64)
    loss_weights = torch.randn(steps, batch, network.output_size, dtype=torch.float64)
    (trace,) = record(network, inputs, parts=True).values()
    return Example(network, inputs, loss_weights, trace)


def captured(network: Recurrent, inputs: Tensor) -> tuple[Tensor, list[list[list[Step]]]]:
    """The outputs with their graph, and ``steps[layer][direction][time]``."""
    steps: list[list[list[Step]]] = [[[] for _ in layer] for layer in network.cells]
    hooks = []
    for layer, cells in enumerate(network.cells):
        for direction, cell in enumerate(cells):
            keep = steps[layer][direction].append
            hooks.append(cell.register_forward_hook(lambda _m, _a, step, keep=keep: keep(step)))
    outputs, _ = network(inputs)
    for hook in hooks:
        hook.remove()
    for layer in steps:
        for direction in range(1, len(layer)):
            layer[direction].reverse()
    return outputs, steps


def state_gradients(
    network: Recurrent, inputs: Tensor, name: str, loss: Callable[[Tensor], Tensor]
) -> np.ndarray:
    """dL/ds as autograd gives it, (layer, direction, time, batch, unit)."""
    outputs, steps = captured(network, inputs)
    states = [step.signals[name] for layer in steps for way in layer for step in way]
    found = torch.autograd.grad(loss(outputs), states, allow_unused=True)
    filled = [torch.zeros_like(s) if g is None else g for s, g in zip(states, found)]
    return (
        torch.stack(filled)
        .reshape(len(steps), len(steps[0]), len(inputs), *states[0].shape)
        .numpy()
    )
