"""``nn.RNNCell``, ``nn.LSTMCell`` and ``nn.GRUCell`` in somebody's own loop."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.recording.backpropagate import local_factors, weight_norms
from core.recording.elementwise import furthest
from core.recording.gradient_watch import GradientWatch, Watched, each_tensor, onward, tensors_in
from core.recording.recover import recover_gates, recover_hidden, recover_parts
from core.recording.sequence_layout import precise
from core.recording.step_loop import StepLoop, stacked
from core.recording.weights import Weights, cell_weights


@dataclass
class CellLoop(StepLoop):
    """Every call of one of torch's cells: what went in, what came out, what was watched.

    The weights are those of the first call; the proof fails if they change before the last.
    """

    after: list[tuple[Tensor, ...]] = field(default_factory=list)
    watched: list[list[Watched]] = field(default_factory=list)
    weights: Weights | None = None
    dtype: torch.dtype = torch.float32

    def note(self, inputs: tuple, output, call: int, watch: GradientWatch | None):
        """One call; returns what the loop shall go on with, None for the output as it is."""
        if self.weights is None:
            copied = cell_weights(self.module).each(Tensor.clone)
            self.weights = copied.each(precise)
        x, *given = inputs
        after = tensors_in(output)
        self.dtype = after[0].dtype
        self.x.append(_kept(x))
        self.after.append(tuple(_kept(state) for state in after))
        self.before.append(self._states(given[0] if given else None, len(after)))
        self.call_of_step.append(call)
        if watch is None:
            return None
        # Copies: the gradient that reaches them comes from later steps and the loss alone, on
        # any device and with any weights frozen; the way from c to h within the step is added.
        passed = each_tensor(output, onward)
        self.watched.append([watch.add(state) for state in tensors_in(passed)])
        return passed

    def _states(self, given, count: int) -> tuple[Tensor, ...]:
        if given is None:
            width = self.module.hidden_size
            return (self.x[-1].new_zeros(len(self.x[-1]), width),) * count
        return tuple(_kept(part) for part in ((given,) if isinstance(given, Tensor) else given))

    def recover(self, *, parts: bool) -> None:
        """Fill in ``signals`` and ``proof``, which covers every step."""
        x, before = stacked(self.x), self.stacked_before()
        after = [stacked(list(part)) for part in zip(*self.after)]
        signals = recover_gates(self.weights, x, before[0])
        recomputed = []
        if self.weights.kind == "lstm":
            signals["cell"] = after[1]
            written = signals["input_gate"] * signals["candidate"]
            recomputed.append(signals["forget_gate"] * before[1] + written)
        recomputed.insert(0, recover_hidden(self.weights, x, before[0], signals))
        there = self.there()
        self.proof = max(furthest(ours[there], own[there]) for ours, own in zip(recomputed, after))
        self.signals = signals | {"hidden": after[0]}
        if parts:
            self.signals = recover_parts(self.weights, x, before) | self.signals

    def add_gradients(self) -> None:
        """Total gradients, if every call was watched."""
        if len(self.watched) < len(self.x):
            return
        before = self.stacked_before()
        local = local_factors(self.weights, self.signals, before[-1])
        columns = zip(*self.watched)
        dh, *dc = (stacked([_kept(part.gradient) for part in column]) for column in columns)
        self.signals["grad_hidden"] = dh
        if dc:
            self.signals["grad_cell"] = total_c = dc[0] + dh * local.cell_by_hidden
            by_cell = local.input * total_c.unsqueeze(-2)
            rows = torch.cat((by_cell.flatten(-2), local.recurrent * dh), dim=-1)
        else:
            factors = local.recurrent.unflatten(-1, (-1, self.weights.units))
            rows = (factors * dh.unsqueeze(-2)).flatten(-2)
        nowhere = ~self.there()[..., None]
        norms = weight_norms(rows.masked_fill(nowhere, 0.0), before[0].masked_fill(nowhere, 0.0))
        self.signals["grad_weight_norm"] = norms


def _kept(tensor: Tensor) -> Tensor:
    """A copy with a batch dimension, in single precision at least."""
    tensor = precise(tensor.detach().clone())
    return tensor.unsqueeze(0) if tensor.dim() == 1 else tensor
