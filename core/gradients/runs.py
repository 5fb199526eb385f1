"""A recording and its network, laid out for the backward pass, by layer and direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.cells import Cell
from core.networks import Recurrent, SequenceModel, open_module
from core.recording.trace import Trace

# The order of gate rows in the stacked weights; the variants carry theirs themselves.
GATE_ROWS = {
    "elman": ("hidden",),
    "jordan": ("hidden",),
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
    "gru": ("reset_gate", "update_gate", "candidate"),
    "gru-original": ("reset_gate", "update_gate", "candidate"),
}
# The weights by which a gate sees the cell state, where it does.
PEEPHOLES = {
    "input_gate": "weight_ci",
    "forget_gate": "weight_cf",
    "output_gate": "weight_co",
}


def gate_rows(cell: Cell) -> tuple[str, ...]:
    """The gates of ``cell`` in the order of their rows in ``weight_ih``."""
    return getattr(cell, "gates", None) or GATE_ROWS[cell.kind]


@dataclass(frozen=True)
class Run:
    """What one layer did in one direction, in the order in which it read.

    ``run[name]`` is a recorded signal as a tensor (time, batch, units). ``weights`` are the
    cell's parameters by name, ``before`` the state that each step was given, one tensor
    (time, batch, size) for each of the cell's ``state_names``.
    """

    trace: Trace
    layer: int
    direction: int
    cell: Cell
    weights: dict[str, Tensor]
    before: tuple[Tensor, ...]

    def __getitem__(self, name: str) -> Tensor:
        values = self.trace[name].values[self.layer, self.direction]
        return self.in_reading_order(torch.from_numpy(values).to(self.dtype))

    @property
    def dtype(self) -> torch.dtype:
        """The precision in which everything here is computed."""
        return self.weights["weight_hh"].dtype

    @property
    def steps(self) -> int:
        """The number of steps."""
        return self.trace.data.sizes["time"]

    @property
    def batch(self) -> int:
        """The number of sequences read side by side."""
        return self.trace.data.sizes["batch"]

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates in the order of their rows in ``weight_ih``."""
        return gate_rows(self.cell)

    def reading_step(self, at: int) -> int:
        """A step in the order of the inputs (-1 is the last), counted in reading order.

        Raises ValueError for a step outside the recording.
        """
        if not -self.steps <= at < self.steps:
            raise ValueError(f"at is {at}; the recording has steps 0 to {self.steps - 1}.")
        at %= self.steps
        return self.steps - 1 - at if self.direction else at

    def in_reading_order(self, values: Tensor) -> Tensor:
        """Times turned round in the backward direction; done twice, it undoes itself."""
        return values.flip(0) if self.direction else values


def as_recurrent(network: nn.Module) -> Recurrent:
    """The recurrent layers of ``network``, open.

    ``network`` is a ``Recurrent``, an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, or a model that
    has one of them as its ``rnn``. Raises TypeError for anything else.
    """
    if isinstance(network, Recurrent):
        return network
    if isinstance(network, nn.RNNBase):
        return open_module(network)
    inner = getattr(network, "rnn", None)
    if isinstance(inner, nn.Module):
        return as_recurrent(inner)
    raise TypeError(
        f"{type(network).__name__} has no recurrent layers to look into; expected a Recurrent, "
        "an nn.RNN, nn.LSTM or nn.GRU, or a model that has one of them as its rnn."
    )


def open_form(model: nn.Module) -> nn.Module:
    """The form of ``model`` whose cells are open; it shares its weights with ``model``.

    ``model`` is a ``Recurrent``, an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, or a
    ``SequenceModel``. Raises TypeError for anything else.
    """
    if isinstance(model, nn.RNNBase):
        return open_module(model)
    if isinstance(model, Recurrent):
        return model
    if isinstance(model, SequenceModel):
        return model.opened()
    raise TypeError(
        f"{type(model).__name__} cannot be opened; expected a Recurrent, an nn.RNN, nn.LSTM or "
        "nn.GRU, or a SequenceModel."
    )


def network_runs(
    trace: Trace, network: nn.Module, dtype: torch.dtype | None = torch.float64
) -> list[list[Run]]:
    """``runs[layer][direction]`` of a recording of ``network``.

    dtype: the precision to compute in; None for that of the recording.
    Raises ValueError where the recording is not one of this network, joins several calls of
    it, or holds padded sequences.
    """
    recurrent = as_recurrent(network)
    _check(trace, recurrent)
    if dtype is None:
        dtype = torch.from_numpy(trace["hidden"].values[:0]).dtype
    runs: list[list[Run]] = []
    for layer, cells in enumerate(recurrent.cells):
        runs.append([])
        for direction, cell in enumerate(cells):
            weights = {name: w.detach().cpu().to(dtype) for name, w in cell.named_parameters()}
            bare = Run(trace, layer, direction, cell, weights, ())
            before = tuple(_before(bare, name) for name in cell.state_names)
            runs[-1].append(Run(trace, layer, direction, cell, weights, before))
    return runs


def one_run(
    trace: Trace, network: nn.Module, layer: int = -1, direction: int = 0, sequence: int = 0
) -> Run:
    """One layer (from the input, -1 is the top), direction and sequence of a recording.

    Raises ValueError where there is no such layer, direction or sequence.
    """
    sizes = trace.data.sizes
    asked = {"layer": layer, "direction": direction, "batch": sequence}
    for name, place in asked.items():
        if not -sizes[name] <= place < sizes[name]:
            raise ValueError(f"{name} is {place}; the recording has {sizes[name]}.")
    alone = Trace.of(trace.data.isel(batch=[sequence]))
    return network_runs(alone, network)[layer][direction]


def _before(run: Run, name: str) -> Tensor:
    start = run.trace[f"initial_{name}"].values[0, run.layer, run.direction]
    after = run[name]
    return torch.cat((torch.from_numpy(start).to(after)[None], after[:-1]))


def _check(trace: Trace, recurrent: Recurrent) -> None:
    kind = trace.settings.get("kind")
    sizes = trace.data.sizes
    shape = (sizes["layer"], sizes["direction"], trace["hidden"].shape[-1])
    expected = (len(recurrent.cells), len(recurrent.cells[0]), recurrent.hidden_size)
    if kind != recurrent.kind or shape != expected:
        raise ValueError(
            f"The recording is of a {kind} with (layers, directions, units) {shape}, the network "
            f"is a {recurrent.kind} with {expected}; give the network that was recorded."
        )
    check_one_reading(trace)


def check_one_reading(trace: Trace) -> None:
    """Raises ValueError for a recording that joins several calls or holds padded sequences."""
    calls = int(trace.data["call_of_step"].max()) + 1
    if calls > 1:
        raise ValueError(
            f"The recording joins {calls} calls of the network, and neither memory nor gradients "
            "are followed from one to the next; record one call."
        )
    if np.isnan(trace["hidden"].values).any():
        raise ValueError(
            "The recording holds steps beyond the end of a padded sequence (NaN); record each "
            "sequence by itself."
        )
