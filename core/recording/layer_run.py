"""One layer in one direction over one sequence, always in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.recording.backpropagate import backpropagate, weight_norms
from core.recording.elementwise import elementwise, furthest
from core.recording.recover import (
    Signals,
    recover_gates,
    recover_hidden,
    recover_parts,
    scan_cell_state,
)
from core.recording.saved import saved_gates
from core.recording.weights import Weights

TRUSTED = 1e-5  # a smaller difference leaves no doubt about gates read from elsewhere
BLOCK = 2**16  # numbers compared at a time: few enough to stay in the processor's cache


def reverse_time(x: Tensor, lengths: Tensor | None) -> Tensor:
    """Each sequence of ``x`` (time, batch, ...) back to front, padding left where it is."""
    if lengths is None:
        return x.flip(0)
    steps = torch.arange(len(x), device=x.device)[:, None]
    places = torch.where(steps < lengths, lengths - 1 - steps, steps)
    return x.gather(0, places.reshape(*places.shape, *[1] * (x.dim() - 2)).expand_as(x))


def with_start(start: Tensor, steps: Tensor) -> Tensor:
    """The state before the first step and after each: (time + 1, batch, units), a copy."""
    return torch.cat((start[None], steps))


@dataclass
class LayerRun:
    """What one layer did, in the order in which it read; times run from the first step read.

    x (time, batch, features); states and cells (time + 1, batch, ...), h and c before the first
    step and after each (of ``cells`` only the first is given, and the last apart); lengths
    (batch,) of packed sequences.
    """

    weights: Weights
    x: Tensor
    states: Tensor
    cells: Tensor | None
    last_cell: Tensor | None = None
    lengths: Tensor | None = None
    reverse: bool = False
    signals: Signals = field(default_factory=dict)
    proof: float = 0.0

    @property
    def h(self) -> Tensor:
        """The state after each step."""
        return self.states[1:]

    @property
    def h_previous(self) -> Tensor:
        """The state before each step."""
        return self.states[:-1]

    @property
    def c_previous(self) -> Tensor | None:
        """The cell state before each step; None where there is none."""
        return None if self.cells is None else self.cells[:-1]

    def recover(self, *, graph: Tensor | None, parts: bool, sample: int | None) -> None:
        """Fill in ``signals`` and ``proof``.

        graph: the kernel's output with its autograd graph, whose saved gates may be read.
        sample: how many steps the proof recomputes where it costs a matrix product.
        """
        gates = None
        if graph is not None:
            start = None if self.cells is None else self.cells[0]
            gates = saved_gates(self.weights, graph, self.x, self.h_previous, start)
        if gates is None or self._try(gates, sample) > TRUSTED:
            self._try(recover_gates(self.weights, self.x, self.h_previous), sample)
        if parts:
            previous = (self.h_previous, self.c_previous)[: 1 if self.cells is None else 2]
            self.signals = recover_parts(self.weights, self.x, previous) | self.signals

    def _try(self, gates: Signals, sample: int | None) -> float:
        """Take ``gates`` for what the kernel had; the proof says whether that fits its states."""
        if self.cells is not None:
            if not self._take_cells(gates):
                scan_cell_state(gates, self.cells)
            gates["cell"] = self.cells[1:]
        self.signals = gates | {"hidden": self.h}
        self.proof = max(self._differences(sample))
        return self.proof

    def _take_cells(self, gates: Signals) -> bool:
        """Fill in the kernel's own cell states, if found and each follows from the one before."""
        found = gates.pop("_cell", None)
        if found is None or self.last_cell is None:
            return False
        read = (gates[name] for name in ("input_gate", "forget_gate", "candidate"))
        ops, (i, f, g, c, between, last) = elementwise(*read, self.cells, found, self.last_cell)
        c[1:-1], c[-1] = between, last
        previous, current = c[:-1], c[1:]
        errors = (
            ops.abs(f[s] * previous[s] + i[s] * g[s] - current[s]).max() for s in self._blocks(None)
        )
        if max(map(float, errors)) < TRUSTED:
            return True
        self.last_cell = None
        return False

    def _differences(self, sample: int | None) -> Iterator[float]:
        """The largest difference from the kernel's own states in each block of steps."""
        x, h_previous, h = self.x, self.h_previous, self.h
        for steps in self._blocks(sample):
            recomputed = recover_hidden(self.weights, x, h_previous, self.signals, steps)
            returned = h[steps]
            if self.lengths is not None:
                there = torch.arange(len(h), device=h.device)[steps, None] < self.lengths
                recomputed, returned = recomputed[there], returned[there]
            yield furthest(recomputed, returned)

    def _blocks(self, sample: int | None) -> list[slice]:
        steps, batch, units = self.h.shape
        if self.weights.kind == "elman" and sample is not None:
            return [slice(0, steps, -(-steps // sample))]
        size = max(1, BLOCK // (batch * units)) if self.h.device.type == "cpu" else steps
        return [slice(start, start + size) for start in range(0, steps, size)]

    def add_gradients(
        self, direct_hidden: Tensor, direct_cell: Tensor | None, *, below: bool
    ) -> Tensor | None:
        """Record the total gradients; with ``below`` return the one for what the layer read."""
        found = backpropagate(
            self.weights,
            self.signals,
            self.h_previous,
            self.c_previous,
            direct_hidden,
            direct_cell,
            below=below,
        )
        self.signals["grad_hidden"] = found.hidden
        if found.cell is not None:
            self.signals["grad_cell"] = found.cell
        # a step's share is summed over the batch, so sequences are lined up by input step first
        self.signals["grad_weight_norm"] = weight_norms(
            self._reordered(found.recurrent_rows), self._reordered(self.h_previous)
        )
        return found.input

    def in_input_order(self, name: str) -> Tensor:
        """A signal with its times as the inputs had them."""
        value = self.signals[name]
        return value if name == "grad_weight_norm" else self._reordered(value)

    def _reordered(self, value: Tensor) -> Tensor:
        return reverse_time(value, self.lengths) if self.reverse else value
