"""Reach into a network while it reads, and record it before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from torch import Tensor, nn

from core.cells import Cell, Step
from core.gradients.altered_step import Hold, Patch, Place, Silence, alter, check
from core.gradients.runs import as_recurrent, open_form
from core.networks import Recurrent
from core.recording.recorder import record
from core.recording.trace import Trace

Intervention = Hold | Patch | Silence


class Reading(NamedTuple):
    """One run: the recording, and what the model returned."""

    trace: Trace
    output: Any


class BeforeAfter(NamedTuple):
    """The same inputs, without and with the interventions."""

    before: Reading
    after: Reading


def intervene(
    model: nn.Module,
    inputs: Any,
    *interventions: Intervention,
    loss: Callable[[Any], Tensor] | None = None,
    **options,
) -> BeforeAfter:
    """Run ``model`` twice, as it is and under ``interventions``, and record both.

    model: a ``Recurrent``, an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, or a ``SequenceModel``; both
    runs use its open cells. inputs, loss and options are those of ``record``: with a loss the
    recordings hold gradients. The second recording has no ``grad_weight_norm``, which would
    tell of the cell's own equations.
    Raises as ``intervened`` does.
    """
    with intervened(model) as opened:
        before = _read(opened, inputs, loss, options)
    with intervened(model, *interventions) as opened:
        after = _read(opened, inputs, loss, options)
    data = after.trace.data.drop_vars("grad_weight_norm", errors="ignore")
    data.attrs["interventions"] = "; ".join(map(repr, interventions))
    return BeforeAfter(before, after._replace(trace=Trace.of(data)))


@contextmanager
def intervened(model: nn.Module, *interventions: Intervention) -> Iterator[nn.Module]:
    """The open form of ``model``, under ``interventions`` until the block ends.

    It shares its weights with ``model``; what it computes, and every recording of it, is
    under the interventions. Hooks are removed when the block ends, also after an error.

    Raises TypeError for a model that cannot be opened, and ValueError for a gate, state,
    unit, layer or direction that it does not have, or a value that its gate cannot take.
    """
    opened = open_form(model)
    recurrent = as_recurrent(opened)
    clock = _Clock(recurrent)
    hooks = [recurrent.register_forward_pre_hook(clock.start)]
    try:
        for cell, chosen in _by_cell(recurrent, interventions):
            hooks.append(cell.register_forward_hook(partial(_after_step, clock, chosen)))
        yield opened
    finally:
        for hook in hooks:
            hook.remove()


class _Clock:
    """Which step of the inputs a cell is at."""

    def __init__(self, recurrent: Recurrent) -> None:
        self.batch_first = recurrent.batch_first
        self.backward = {id(cells[1]) for cells in recurrent.cells if len(cells) > 1}
        self.steps = 0
        self.calls: dict[int, int] = {}

    def start(self, recurrent: Recurrent, args: tuple) -> None:
        self.steps, self.calls = args[0].shape[1 if self.batch_first else 0], {}

    def tick(self, cell: Cell) -> int:
        call = self.calls.get(id(cell), 0)
        self.calls[id(cell)] = call + 1
        return self.steps - 1 - call if id(cell) in self.backward else call

    def strikes(self, intervention: Place, step: int) -> bool:
        chosen = intervention.steps
        return chosen is None or step in [place % self.steps for place in chosen]


def _by_cell(
    recurrent: Recurrent, interventions: Sequence[Intervention]
) -> list[tuple[Cell, list[Intervention]]]:
    """Each cell that something is done to, with what is done; everything checked."""
    chosen: dict[int, tuple[Cell, list[Intervention]]] = {}
    for intervention in interventions:
        layers, directions = len(recurrent.cells), len(recurrent.cells[0])
        layer, direction = intervention.layer, intervention.direction
        if not -layers <= layer < layers or not 0 <= direction < directions:
            raise ValueError(
                f"There is no layer {layer} with direction {direction}; the network has {layers} "
                f"layer(s) and {directions} direction(s)."
            )
        cell = recurrent.cells[layer][direction]
        check(cell, intervention)
        chosen.setdefault(id(cell), (cell, []))[1].append(intervention)
    return list(chosen.values())


def _after_step(
    clock: _Clock, chosen: list[Intervention], cell: Cell, args: tuple, step: Step
) -> Step:
    """A forward hook: what the cell returns under the interventions of this step."""
    now = clock.tick(cell)
    active = [intervention for intervention in chosen if clock.strikes(intervention, now)]
    x, state = args
    return alter(cell, x, state, step, active)


def _read(
    opened: nn.Module, inputs: Any, loss: Callable[[Any], Tensor] | None, options: dict
) -> Reading:
    outputs: list[Any] = []
    hook = opened.register_forward_hook(lambda module, args, output: outputs.append(output))
    try:
        (trace,) = record(opened, inputs, loss=loss, **options).values()
    finally:
        hook.remove()
    return Reading(trace, outputs[-1])
