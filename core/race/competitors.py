"""Who takes part in the races: every network reads sequences and answers at the last steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from core.cells import LSTM_VARIANTS
from core.networks import Recurrent
from core.networks.starts import begin, starts_of
from core.tasks.memory import MemoryTask

ORDER = 5  # how many earlier states the higher-order network reads
KERNEL, LAYERS = 8, 2  # of the convolution: it sees 2 * (8 - 1) + 1 = 15 steps
SEEN_BY_CONVOLUTION = LAYERS * (KERNEL - 1) + 1
KERNELS = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}
WITHOUT_STATE = ("convolution", "feed-forward")

COMPETITORS = (
    "elman",
    "jordan",
    "higher-order",
    "lstm",
    "gru",
    *WITHOUT_STATE,
)
VARIANTS = (
    "lstm",
    *(variant.kind for variant in LSTM_VARIANTS),
    "gru",
    "gru-original",
    "mgu",
)


class RecurrentReader(nn.Module):
    """One recurrent layer and a linear read-out of its last outputs.

    torch's fused kernel where there is one, open cells otherwise. The weights begin as
    ``start`` says, memories with up to ``span`` steps; the read-out as torch's.
    """

    def __init__(self, cell: str, task: MemoryTask, hidden: int, start: str, span: int) -> None:
        super().__init__()
        self.answers = task.answers
        self.body = (
            KERNELS[cell](task.features, hidden)
            if cell in KERNELS
            else Recurrent(cell, task.features, hidden, **_options(cell))
        )
        self.read_out = nn.Linear(hidden, task.outputs)
        begin(self.body, start, memories=(2, span))

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs (time, batch, features) to predictions (answers, batch, outputs)."""
        outputs, _ = self.body(inputs)
        return self.read_out(outputs[-self.answers :])


class Convolution(nn.Module):
    """Two causal 1D convolutions over time with ReLU: it sees the last 15 steps and no more."""

    def __init__(self, task: MemoryTask, hidden: int) -> None:
        super().__init__()
        self.answers = task.answers
        self.first = nn.Conv1d(task.features, hidden, KERNEL)
        self.second = nn.Conv1d(hidden, hidden, KERNEL)
        self.read_out = nn.Linear(hidden, task.outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs (time, batch, features) to predictions (answers, batch, outputs)."""
        x = inputs[-(SEEN_BY_CONVOLUTION + self.answers - 1) :].permute(1, 2, 0)
        for layer in (self.first, self.second):
            x = torch.relu(layer(nn.functional.pad(x, (KERNEL - 1, 0))))
        return self.read_out(x[..., -self.answers :].permute(2, 0, 1))


class FeedForward(nn.Module):
    """One hidden layer of ReLUs over the whole sequence laid side by side: no memory needed,
    but every place of every step has weights of its own, and the length is fixed."""

    def __init__(self, task: MemoryTask, hidden: int) -> None:
        super().__init__()
        self.answers, self.outputs = task.answers, task.outputs
        self.hidden = nn.Linear(task.steps * task.features, hidden)
        self.read_out = nn.Linear(hidden, task.answers * task.outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs (time, batch, features) to predictions (answers, batch, outputs)."""
        x = torch.relu(self.hidden(inputs.transpose(0, 1).flatten(1)))
        return self.read_out(x).view(-1, self.answers, self.outputs).transpose(0, 1)


def starts_for(name: str) -> tuple[str, ...]:
    """The starts by which this competitor can take part; those without a state have one."""
    return ("torch",) if name in WITHOUT_STATE else starts_of(name)


def build(
    name: str, task: MemoryTask, hidden: int, *, seed: int, start: str = "torch", span: int = 100
) -> nn.Module:
    """The competitor called ``name`` with weights drawn from ``seed`` and begun by ``start``.

    Raises ValueError for an unknown name, or a start that does not fit it.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return _make(name, task, hidden, start, span)


def count_parameters(name: str, task: MemoryTask, hidden: int) -> int:
    """How many weights the competitor has; nothing is drawn or stored."""
    with torch.device("meta"):
        return sum(p.numel() for p in _make(name, task, hidden).parameters())


@cache
def matched_size(name: str, task: MemoryTask, parameters: int) -> int:
    """The hidden size with which ``name`` comes closest to so many ``parameters``.

    The count grows with the size, so the place is found by halving.
    """
    low, high = 1, 2
    while count_parameters(name, task, high) < parameters:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if count_parameters(name, task, middle) < parameters:
            low = middle
        else:
            high = middle
    return min((low, high), key=lambda size: abs(count_parameters(name, task, size) - parameters))


def _make(
    name: str, task: MemoryTask, hidden: int, start: str = "torch", span: int = 100
) -> nn.Module:
    others: dict[str, Callable[[MemoryTask, int], nn.Module]] = dict(
        zip(WITHOUT_STATE, (Convolution, FeedForward))
    )
    if name in others:
        if start not in starts_for(name):
            raise ValueError(f"The start {start!r} does not fit {name!r}, which has no state.")
        return others[name](task, hidden)
    if name not in (*COMPETITORS, *VARIANTS):
        known = ", ".join(dict.fromkeys((*COMPETITORS, *VARIANTS)))
        raise ValueError(f"Competitor {name!r} is not known; choose one of {known}.")
    return RecurrentReader(name, task, hidden, start, span)


def _options(cell: str) -> dict[str, Any]:
    return {"order": ORDER} if cell == "higher-order" else {}
