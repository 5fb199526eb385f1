"""One step of a cell with a gate held, a unit silenced or a state patched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.cells import Cell, State, Step
from core.gradients.bare_step import step_from_parts
from core.gradients.runs import PEEPHOLES, gate_rows

EXTREME = 1e3  # a pre-activation where sigmoid and tanh round to exactly 0, 1 or -1
Value = float | Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and when: ``units`` and ``steps`` (of the inputs) default to all; ``layer`` counts
    from the input, -1 is the top; ``direction`` 1 is the backward one."""

    units: Sequence[int] | None = None
    steps: Sequence[int] | None = None
    layer: int = -1
    direction: int = 0


@dataclass(frozen=True)
class Hold(Place):
    """A gate, or the candidate, held at ``value``: one number, or one for each of ``units``.

    Whatever it would have computed, the gate says ``value``, and no gradient flows through it.
    """

    gate: str
    value: Value


@dataclass(frozen=True)
class Patch(Place):
    """A state set to ``value`` after a step, for all that comes later to read.

    ``hidden`` is also what the layer above and the read-out see at that step; ``cell`` is what
    the next step is given, this step's hidden state having been read from the old one.
    """

    state: str
    value: Value


@dataclass(frozen=True)
class Silence(Place):
    """Units whose state says 0 to everybody: later steps, the layer above, the read-out."""


def check(cell: Cell, change: Hold | Patch | Silence) -> None:
    """Raises ValueError for a gate, state, unit or value that ``cell`` cannot have."""
    if isinstance(change, Hold):
        gates = [gate for gate in gate_rows(cell) if gate != "hidden"]
        if change.gate not in gates:
            raise ValueError(
                f"A {cell.kind} cell has no gate {change.gate!r} to hold; "
                f"it has: {', '.join(gates) or 'none'}."
            )
        _spread(change.units, _preactivation(cell, change), cell.hidden_size)
        return
    state, value = _state_and_value(cell, change)
    if state not in cell.state_names:
        raise ValueError(
            f"A {cell.kind} cell hands on no state {state!r} to patch; "
            f"it hands on: {', '.join(cell.state_names)}."
        )
    _spread(change.units, _numbers(value), cell.state_sizes[cell.state_names.index(state)])


def alter(
    cell: Cell, x: Tensor, state: State, step: Step, changes: Sequence[Hold | Patch | Silence]
) -> Step:
    """``step``, which is ``cell(x, state)``, as it comes out under ``changes``."""
    holds = [change for change in changes if isinstance(change, Hold)]
    if holds:
        step = _held(cell, x, state, holds)
    for change in changes:
        if not isinstance(change, Hold):
            step = _patched(cell, step, change)
    return step


def held_rows(cell: Cell, holds: Sequence[Hold]) -> tuple[Tensor, Tensor]:
    """Which gate rows of ``cell`` are held, and the pre-activations of the held values, both
    (gates, units)."""
    gates, units = gate_rows(cell), cell.hidden_size
    held = torch.zeros(len(gates), units, dtype=torch.bool)
    target = torch.zeros(len(gates), units, dtype=torch.float64)
    for hold in holds:
        mask, value = _spread(hold.units, _preactivation(cell, hold), units)
        row = gates.index(hold.gate)
        held[row] |= mask
        target[row] = torch.where(mask, value, target[row])
    return held, target


def _held(cell: Cell, x: Tensor, state: State, holds: Sequence[Hold]) -> Step:
    """The step with the held rows' weights at 0 and W x at the value's pre-activation."""
    gates = gate_rows(cell)
    held, target = held_rows(cell, holds)
    held, target = held.to(x.device), target.to(x)
    weights = {
        name: weight.masked_fill(held.flatten().view(-1, *[1] * (weight.dim() - 1)), 0.0)
        for name, weight in cell.named_parameters()
        if name in ("weight_hh", "bias_ih", "bias_hh")
    }
    for gate, name in PEEPHOLES.items():
        if hasattr(cell, name):
            weights[name] = getattr(cell, name).masked_fill(held[gates.index(gate)], 0.0)
    from_input = torch.where(held.flatten(), target.flatten(), x @ cell.weight_ih.T)
    return step_from_parts(cell, weights, from_input, state)


def _patched(cell: Cell, step: Step, change: Patch | Silence) -> Step:
    name, value = _state_and_value(cell, change)
    place = cell.state_names.index(name)
    old = step.state[place]
    mask, values = _spread(change.units, _numbers(value), old.shape[-1])
    new = torch.where(mask.to(old.device), values.to(old), old)
    state = (*step.state[:place], new, *step.state[place + 1 :])
    if place:
        return Step(step.output, state, {**step.signals, name: new})
    return Step(new, state, {**step.signals, name: new, "output": new})


def _state_and_value(cell: Cell, change: Patch | Silence) -> tuple[str, Value]:
    if isinstance(change, Silence):
        return cell.state_names[0], 0.0
    return change.state, change.value


def _preactivation(cell: Cell, hold: Hold) -> Tensor:
    """What the gate's activation turns into the value that it is held at."""
    value = _numbers(hold.value)
    if hold.gate == "candidate":
        activation = getattr(cell, "candidate_activation", "tanh")
    else:
        activation = getattr(cell, "gate_activation", "sigmoid")
    low = {"tanh": -1.0, "sigmoid": 0.0, "relu": 0.0}.get(activation, -torch.inf)
    high = {"tanh": 1.0, "sigmoid": 1.0}.get(activation, torch.inf)
    if not bool(((low <= value) & (value <= high)).all()):
        raise ValueError(
            f"{hold.gate} cannot be held at {hold.value}: its {activation} lies between "
            f"{low:g} and {high:g}."
        )
    inverse = {"tanh": torch.atanh, "sigmoid": torch.logit}.get(activation, torch.clone)
    return inverse(value).clamp(-EXTREME, EXTREME) if activation != "identity" else value


def _numbers(value: Value) -> Tensor:
    return torch.as_tensor(value, dtype=torch.float64)


def _spread(units: Sequence[int] | None, value: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Which of ``width`` units are meant (width,), and the value for each (width,)."""
    chosen = list(range(width)) if units is None else list(units)
    if any(not -width <= unit < width for unit in chosen):
        raise ValueError(f"units are {chosen}; there are units 0 to {width - 1}.")
    if value.dim() > 1 or value.numel() not in (1, len(chosen)):
        raise ValueError(
            f"{value.numel()} values were given for {len(chosen)} units; give one number, or "
            "one for each unit."
        )
    mask = torch.zeros(width, dtype=torch.bool)
    values = torch.zeros(width, dtype=torch.float64)
    mask[chosen] = True
    values[chosen] = value.expand(len(chosen))
    return mask, values
