"""What a cell's quantities really depend on, found by disturbing them: no declaration is read.

Weights, states and input are random, in float64, so that nothing is zero by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core.cells import Cell, make_cell
from core.cells.reads import INPUT

UNITS = 4
Source = tuple[str, int]  # (signal, how many steps back); the input is ("input", 0)


def drawn_cell(kind: str) -> Cell:
    """A cell with random weights above zero, so that a ReLU gate is nowhere shut."""
    torch.manual_seed(5)
    cell = make_cell(kind, 3, UNITS).double()
    for parameter in cell.parameters():
        torch.nn.init.uniform_(parameter, 0.05, 0.6)
    return cell


def drawn_inputs(cell: Cell) -> tuple[list[Source], list[Tensor]]:
    """What a step is given, by name, and random numbers for it."""
    torch.manual_seed(6)
    sizes = (cell.input_size, *cell.state_sizes)
    given = [torch.rand(2, size, dtype=torch.float64) * 0.8 + 0.1 for size in sizes]
    return [(INPUT, 0), *cell.carries], given


def changed_by(cell: Cell, names: Sequence[str]) -> dict[Source, set[str]]:
    """Forwards: which of the named signals move when one of the given things is disturbed."""
    sources, given = drawn_inputs(cell)

    def step(place: int | None = None) -> dict[str, Tensor]:
        values = [g + 0.01 if at == place else g for at, g in enumerate(given)]
        return dict(cell(values[0], tuple(values[1:])).signals)

    before = step()
    found = {}
    for place, source in enumerate(sources):
        after = step(place)
        found[source] = {name for name in names if not torch.equal(after[name], before[name])}
    return found


def direct_sources(cell: Cell, target: str, stopped: Sequence[str]) -> set[Source]:
    """Backwards: where the gradient of ``target`` arrives if the signals in ``stopped`` let
    none through. Of those it says whether any arrived, too."""
    sources, given = drawn_inputs(cell)
    for tensor in given:
        tensor.requires_grad_()
    signals = cell(given[0], tuple(given[1:])).signals
    inside = {name: _stop(signals[name]) for name in stopped if signals[name].requires_grad}
    signals[target].square().sum().backward()
    arrived = {source for source, tensor in zip(sources, given) if _is_there(tensor.grad)}
    return arrived | {(name, 0) for name, told in inside.items() if told()}


def arrows_of(cell: Cell, states: Sequence[str]) -> set[tuple[str, str, int]]:
    """(source, target, back) of all that leads directly to one of ``states``."""
    return {
        (source, target, back)
        for target in states
        for source, back in direct_sources(cell, target, [n for n in states if n != target])
    }


def reached(arrows: set[tuple[str, str, int]], source: Source) -> set[str]:
    """Every state of this step that some way along the arrows from ``source`` leads to."""
    found: set[str] = set()
    ahead = [target for name, target, back in arrows if (name, back) == source]
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead += [target for other, target, back in arrows if (other, back) == (name, 0)]
    return found


def _stop(signal: Tensor) -> Callable[[], bool]:
    """Let no gradient through ``signal``; what comes back says whether one has arrived."""
    arrived: list[bool] = []

    def hook(gradient: Tensor | None) -> Tensor | None:
        arrived.append(_is_there(gradient))
        return None if gradient is None else torch.zeros_like(gradient)

    signal.register_hook(hook)
    return lambda: any(arrived)


def _is_there(gradient: Tensor | None) -> bool:
    return gradient is not None and bool(gradient.abs().sum() > 1e-9)
