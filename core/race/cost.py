"""What a step of each cell costs: parameters, multiply-adds, memory, and measured time."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import nn

from core.cells import Cell, make_cell

Key = TypeVar("Key", bound=Hashable)
FUSED = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}
STEPS = 20


@dataclass(frozen=True)
class StepCost:
    """One cell of ``hidden`` units that reads ``inputs`` numbers a step.

    multiply_adds: of the matrix products for one sequence and one step.
    kept: numbers that one step must keep for the backward pass, so that no matrix product has
        to be done again: the state it leaves, every gate and candidate, and for a reset gate
        that acts after the matrix (torch's GRU) also what it scales, U_n h + b_hn.
    carried: numbers of the state.
    open_seconds, fused_seconds: time of a step, batch 1, forward only, in the open cell and
        in torch's kernel (None where it has none); the fastest of several rounds, since
        whatever else the computer does only ever adds to it.
    """

    kind: str
    inputs: int
    hidden: int
    parameters: int
    multiply_adds: int
    kept: int
    carried: int
    open_seconds: float
    fused_seconds: float | None


def step_costs(
    kinds: tuple[str, ...], inputs: int, hidden: int, *, rounds: int = 12
) -> list[StepCost]:
    """Count and measure one step of each kind of cell, on the calling thread's torch.

    The kinds are measured in turn, round after round, so that a busy moment of the computer
    meets all of them. Raises ValueError for an unknown kind or a size below 1.
    """
    cells = {kind: make_cell(kind, inputs, hidden) for kind in kinds}
    calls: dict[tuple[str, str], Callable[[], object]] = {}
    for kind, cell in cells.items():
        calls[kind, "open"] = _open_call(cell)
        if kind in FUSED:
            calls[kind, "fused"] = _fused_call(kind, inputs, hidden)
    measured = fastest(calls, rounds)
    return [
        StepCost(
            kind=kind,
            inputs=inputs,
            hidden=hidden,
            parameters=sum(p.numel() for p in cell.parameters()),
            multiply_adds=_multiply_adds(cell),
            kept=_kept(cell),
            carried=sum(cell.state_sizes),
            open_seconds=measured[kind, "open"] / STEPS,
            fused_seconds=measured[kind, "fused"] / STEPS if kind in FUSED else None,
        )
        for kind, cell in cells.items()
    ]


def _multiply_adds(cell: Cell) -> int:
    """One for every weight of a matrix, and of a peephole, which is a diagonal one."""
    return sum(
        weight.numel()
        for name, weight in cell.named_parameters()
        if weight.dim() == 2 or name.startswith("weight_c")
    )


def _kept(cell: Cell) -> int:
    """Gates and candidate (one value a row of the weights), the new state, and what a reset
    gate scales where that is a product of its own."""
    scaled = cell.hidden_size if getattr(cell, "reset_after", False) else 0
    return cell.weight_ih.shape[0] + sum(cell.state_sizes) + scaled


def _open_call(cell: Cell) -> Callable[[], object]:
    x, state = torch.randn(1, cell.input_size), cell.initial_state(1)

    def steps() -> None:
        now = state
        for _ in range(STEPS):
            now = cell(x, now).state

    return steps


def _fused_call(kind: str, inputs: int, hidden: int) -> Callable[[], object]:
    network, x = FUSED[kind](inputs, hidden), torch.randn(STEPS, 1, inputs)
    return lambda: network(x)


@torch.no_grad()
def fastest(calls: dict[Key, Callable[[], object]], rounds: int) -> dict[Key, float]:
    """The shortest time of each call; the first round, which also allocates, does not count."""
    found = dict.fromkeys(calls, float("inf"))
    for number in range(rounds + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            taken = time.perf_counter() - started
            if number:
                found[name] = min(found[name], taken)
    return found
