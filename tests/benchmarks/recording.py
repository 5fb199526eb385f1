"""What recording costs, over the module's own passes.

``record-*``: ``record`` with every gate over ``module(inputs)`` as anybody calls it, in torch's
default mode. Beside it, without targets: the same over the forward pass inside
``torch.no_grad()``, which is faster because it keeps nothing, and ``loop-*``, what a user has
today: a loop over the ``*Cell`` that appends its states, over the same ``module(inputs)``.

``record-loss-*``: ``record`` with a loss at the last step over the fused forward and backward
pass; ``loop-loss-*`` is the loop with ``retain_grad`` on every state.

Names give time x batch x units; there are as many features as units. All sides of a line are
run in turn, in changing order, on as many threads as torch takes, and medians are compared.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from core import record
from tests.benchmarks.result import Result

CELLS = {nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell, nn.RNN: nn.RNNCell}
LARGE = {nn.LSTM: 1.3, nn.GRU: 1.5, nn.RNN: 1.2}
SMALL = 2.5
WITH_LOSS = 3.0
SIZES = ((1000, 1, 512), (500, 32, 256), (60, 1, 64))
LOSS_SIZES = ((200, 1, 128), (1000, 1, 512))
SECONDS, FEWEST, MOST = 6.0, 3, 300  # of one line, and how often each side is run for it


def forward(cls: type[nn.RNNBase], size: tuple[int, int, int], target: float) -> list[Result]:
    """``record`` over the forward pass, and what is printed beside it."""
    module, cell, inputs = made(cls, size)
    name = named(cls, size)

    def without_grad() -> None:
        with torch.no_grad():
            module(inputs)

    ours, fused, bare, loop = medians(
        lambda: record(module, inputs),
        lambda: module(inputs),
        without_grad,
        lambda: looped(cell, inputs),
    )
    return [
        Result(f"record-{name}", ours, fused, ours / fused, target, ours / fused <= target),
        Result(f"record-{name}-no-grad", ours, bare, ours / bare, None, True),
        Result(f"loop-{name}", loop, fused, loop / fused, None, True),
    ]


def with_loss(cls: type[nn.RNNBase], size: tuple[int, int, int]) -> list[Result]:
    """``record`` with a loss over forward plus backward, and a loop that keeps gradients."""
    module, cell, inputs = made(cls, size)
    name = named(cls, size)

    def fused() -> None:
        module.zero_grad()
        module(inputs)[0][-1].sum().backward()

    def loop() -> None:
        cell.zero_grad()
        states = looped(cell, inputs)
        for state in states:
            for part in state:
                part.retain_grad()
        states[-1][0].sum().backward()

    ours, reference, beside = medians(
        lambda: record(module, inputs, loss=lambda output: output[0][-1].sum()), fused, loop
    )
    return [
        Result(
            f"record-loss-{name}",
            ours,
            reference,
            ours / reference,
            WITH_LOSS,
            ours / reference <= WITH_LOSS,
        ),
        Result(f"loop-loss-{name}", beside, reference, beside / reference, None, True),
    ]


def made(
    cls: type[nn.RNNBase], size: tuple[int, int, int]
) -> tuple[nn.RNNBase, nn.RNNCellBase, Tensor]:
    """A module, the cell with its weights, and inputs."""
    steps, batch, units = size
    torch.manual_seed(0)
    module, cell = cls(units, units), CELLS[cls](units, units)
    cell.load_state_dict({name: getattr(module, f"{name}_l0") for name in cell.state_dict()})
    return module, cell, torch.randn(steps, batch, units)


def looped(cell: nn.RNNCellBase, inputs: Tensor) -> list[tuple[Tensor, ...]]:
    """The states of every step, as a user collects them today."""
    state, states = None, []
    for x in inputs:
        state = cell(x, state)
        states.append(state if isinstance(state, tuple) else (state,))
    return states


def medians(*sides: Callable[[], object]) -> list[float]:
    """The median seconds of each side, run in an order drawn anew for each round.

    What ran before leaves its own code and data in the caches: always behind the same
    neighbour, a side of a millisecond would be measured with it.
    """
    for side in sides:
        side()
    taken: list[list[float]] = [[] for _ in sides]
    turns, chance = list(zip(sides, taken)), random.Random(0)
    began = time.perf_counter()
    while len(taken[0]) < FEWEST or (
        time.perf_counter() - began < SECONDS and len(taken[0]) < MOST
    ):
        chance.shuffle(turns)
        for side, times in turns:
            start = time.perf_counter()
            side()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def named(cls: type[nn.RNNBase], size: tuple[int, int, int]) -> str:
    """``lstm-1000x1x512``."""
    return f"{cls.__name__.lower()}-{'x'.join(map(str, size))}"


BENCHMARKS = {
    (f"record-{name}", f"record-{name}-no-grad", f"loop-{name}"): partial(
        forward, cls, size, SMALL if size[0] < 100 else target
    )
    for size in SIZES
    for cls, target in LARGE.items()
    for name in [named(cls, size)]
} | {
    (f"record-loss-{name}", f"loop-loss-{name}"): partial(with_loss, cls, size)
    for size in LOSS_SIZES
    for cls in CELLS
    for name in [named(cls, size)]
}
