"""Cells called one step at a time: ``nn.LSTMCell`` and friends, and the project's own cells."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.cells import Step
from core.recording.backpropagate import local_factors, weight_norms
from core.recording.recover import (
    Signals,
    recover_gates,
    recover_hidden,
    recover_parts,
)
from core.recording.weights import cell_weights

PARTS = ("_from_input", "_from_recurrent", "_bias", "_preactivation", "_from_hidden")


@dataclass
class CellLoop:
    """Every call of one cell, in the order in which they were made: its time axis.

    x and the states before and after each call are kept; ``own`` holds the named signals of
    the project's own cells. Batches of different size are padded with NaN.
    """

    module: nn.Module
    x: list[Tensor] = field(default_factory=list)
    before: list[tuple[Tensor, ...]] = field(default_factory=list)
    after: list[tuple[Tensor, ...]] = field(default_factory=list)
    own: list[dict[str, Tensor]] = field(default_factory=list)
    handles: list[tuple[Tensor, ...]] = field(default_factory=list)
    signals: Signals = field(default_factory=dict)
    proof: float = 0.0

    def append(self, inputs: tuple, output) -> tuple[Tensor, ...]:
        """Note one call; returns the tensors on which gradients are collected."""
        if isinstance(output, Step):
            x, state = inputs
            self.x.append(x.detach())
            self.before.append(tuple(part.detach() for part in state))
            self.own.append({name: value.detach() for name, value in output.signals.items()})
            hidden = output.signals["hidden"]
            handles = (hidden, output.signals["cell"]) if "cell" in output.signals else (hidden,)
        else:
            x = _batched(inputs[0])
            handles = output if isinstance(output, tuple) else (output,)
            given = inputs[1] if len(inputs) > 1 else None
            given = given if isinstance(given, tuple) else (given,) * len(handles)
            zeros = x.new_zeros(len(x), self.module.hidden_size)
            states = (zeros if part is None else _batched(part).detach() for part in given)
            self.x.append(x.detach())
            self.before.append(tuple(states))
        self.after.append(tuple(_batched(handle.detach()) for handle in handles))
        return handles

    def recover(self, *, parts: bool) -> None:
        """Fill in ``signals`` (time, batch, units) and ``proof``."""
        if self.own:
            self.signals = {
                name: _stack([step[name] for step in self.own])
                for name in self.own[0]
                if parts or not name.endswith(PARTS)
            }
            self.proof = 0.0  # the open cell's own numbers, nothing was recomputed
            return
        weights = cell_weights(self.module)
        x = _stack(self.x)
        before = tuple(_stack(list(part)) for part in zip(*self.before))
        after = tuple(_stack(list(part)) for part in zip(*self.after))
        signals = recover_gates(weights, x, before[0])
        if weights.kind == "lstm":
            recomputed = signals["forget_gate"] * before[1] + (
                signals["input_gate"] * signals["candidate"]
            )
            signals["cell"] = after[1]
            self.proof = _largest(recomputed - after[1])
        self.proof = max(
            self.proof, _largest(recover_hidden(weights, x, before[0], signals) - after[0])
        )
        if parts:
            signals = recover_parts(weights, x, before) | signals
        self.signals = signals | {"hidden": after[0]}

    def add_gradients(self, gradients: list[list[Tensor | None]]) -> None:
        """Total gradients, as autograd found them for each call's state."""
        names = ("grad_hidden", "grad_cell")
        for name, after, found in zip(names, zip(*self.after), zip(*gradients)):
            self.signals[name] = _stack(
                [
                    torch.zeros_like(state) if gradient is None else _batched(gradient)
                    for state, gradient in zip(after, found)
                ]
            )
        norms = self._norms_of_own_cell if self.own else self._norms_of_torch_cell
        self.signals["grad_weight_norm"] = norms()

    def _norms_of_torch_cell(self) -> Tensor:
        """Each call's share of the gradient of U, from the total gradients of the states."""
        weights = cell_weights(self.module)
        befores = [_stack(list(part)) for part in zip(*self.before)]
        h_previous, previous = befores[0], befores[-1]
        local = local_factors(weights, self.signals, previous)
        dh = self.signals["grad_hidden"]
        if weights.kind == "lstm":
            by_cell = local.input * self.signals["grad_cell"].unsqueeze(-2)
            rows = torch.cat((by_cell.flatten(-2), local.recurrent * dh), dim=-1)
        else:
            gates = local.recurrent.shape[-1] // weights.units
            rows = (local.recurrent.unflatten(-1, (gates, -1)) * dh.unsqueeze(-2)).flatten(-2)
        return weight_norms(rows.nan_to_num(), h_previous.nan_to_num())

    def _norms_of_own_cell(self) -> Tensor:
        """The same for any open cell: the gradient of every call's own copy of U."""
        values = {name: value.detach() for name, value in self.module.named_parameters()}
        totals = {"hidden": self.signals["grad_hidden"].nan_to_num()}
        if "grad_cell" in self.signals:
            # dL/dc_t is total; the part that reaches c_t through h_t is counted with h_t
            grad_cell = self.signals["grad_cell"].nan_to_num()
            totals["cell"] = grad_cell - _through_tanh(self.signals, totals["hidden"])

        def linearised(weight: Tensor, x: Tensor, before: tuple, totals: dict) -> Tensor:
            step = torch.func.functional_call(
                self.module, values | {"weight_hh": weight}, (x, before)
            )
            return sum((step.signals[name] * total).sum() for name, total in totals.items())

        copies = torch.func.vmap(torch.func.grad(linearised), in_dims=(None, 0, 0, 0))
        before = tuple(_stack(list(part)).nan_to_num() for part in zip(*self.before))
        found = copies(values["weight_hh"], _stack(self.x).nan_to_num(), before, totals)
        return found.flatten(1).norm(dim=1)


def _through_tanh(signals: Signals, grad_hidden: Tensor) -> Tensor:
    """The part of dL/dc_t that comes from dL/dh_t within the step: dh_t/dc_t of an LSTM."""
    c = signals["cell"].detach().requires_grad_()
    h = signals["output_gate"].detach() * torch.tanh(c)
    return torch.autograd.grad(h, c, grad_hidden)[0]


def _batched(x: Tensor) -> Tensor:
    return x.unsqueeze(0) if x.dim() == 1 else x


def _stack(tensors: list[Tensor]) -> Tensor:
    """(time, batch, features); smaller batches are padded with NaN."""
    widest = max(len(tensor) for tensor in tensors)
    return torch.stack(
        [
            tensor
            if len(tensor) == widest
            else functional.pad(tensor, (0, 0, 0, widest - len(tensor)), value=float("nan"))
            for tensor in tensors
        ]
    )


def _largest(difference: Tensor) -> float:
    """The largest difference, padding left out."""
    return float(difference.abs().nan_to_num(nan=0.0, posinf=float("inf")).max())
