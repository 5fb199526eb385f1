"""One layer in one direction over one sequence, always in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.recording.backpropagate import backpropagate, weight_norms
from core.recording.recover import (
    Signals,
    recover_gates,
    recover_hidden,
    recover_parts,
    scan_cell_state,
)
from core.recording.saved import saved_gates
from core.recording.weights import Weights


def reverse_time(x: Tensor, lengths: Tensor | None) -> Tensor:
    """Each sequence of ``x`` (time, batch, ...) back to front, padding left where it is."""
    if lengths is None:
        return x.flip(0)
    steps = torch.arange(len(x), device=x.device)[:, None]
    places = torch.where(steps < lengths, lengths - 1 - steps, steps)
    return x.gather(0, places.reshape(*places.shape, *[1] * (x.dim() - 2)).expand_as(x))


@dataclass
class LayerRun:
    """What one layer did, in the order in which it read; times run from the first step read.

    x (time, batch, features); h (time, batch, outputs), what the kernel returned; h0, c0 the
    initial state (batch, ...); lengths (batch,) of packed sequences.
    """

    weights: Weights
    x: Tensor
    h: Tensor
    h0: Tensor
    c0: Tensor | None
    lengths: Tensor | None = None
    reverse: bool = False
    signals: Signals = field(default_factory=dict)
    proof: float = 0.0

    @property
    def h_previous(self) -> Tensor:
        """The state before each step."""
        return torch.cat((self.h0[None], self.h[:-1]))

    @property
    def c_previous(self) -> Tensor | None:
        """The cell state before each step; None where there is none."""
        if self.c0 is None:
            return None
        return torch.cat((self.c0[None], self.signals["cell"][:-1]))

    def recover(self, *, graph: Tensor | None, parts: bool, sample: int | None) -> None:
        """Fill in ``signals`` and ``proof``.

        graph: the kernel's output with its autograd graph, whose saved gates may be read.
        sample: how many steps the proof recomputes where it costs a matrix product.
        """
        h_previous = self.h_previous
        gates = None
        if graph is not None:
            gates = saved_gates(self.weights, graph, self.x, h_previous)
        if gates is None:
            gates = recover_gates(self.weights, self.x, h_previous)
        if self.weights.kind == "lstm":
            gates["cell"] = scan_cell_state(gates, self.c0)
        self.signals = gates | {"hidden": self.h}
        self.proof = self._difference(h_previous, sample)
        if parts:
            states = (h_previous,) if self.c0 is None else (h_previous, self.c_previous)
            self.signals = recover_parts(self.weights, self.x, states) | self.signals

    def _difference(self, h_previous: Tensor, sample: int | None) -> float:
        x, signals, h = self.x, self.signals, self.h
        if self.weights.kind == "elman" and sample is not None and len(h) > sample:
            places = torch.linspace(0, len(h) - 1, sample, device=h.device).long()
            x, h_previous, h = x[places], h_previous[places], h[places]
        difference = (recover_hidden(self.weights, x, h_previous, signals) - h).abs_()
        if self.lengths is not None:
            steps = torch.arange(len(h), device=h.device)[:, None]
            difference = difference[steps < self.lengths]
        largest = difference.max()
        return float(largest) if torch.isfinite(largest) else float("inf")

    def add_gradients(self, direct_hidden: Tensor, direct_cell: Tensor | None) -> Tensor:
        """Record the total gradients and return the one for what the layer read."""
        found = backpropagate(
            self.weights,
            self.signals,
            self.h_previous,
            self.c_previous,
            direct_hidden,
            direct_cell,
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
