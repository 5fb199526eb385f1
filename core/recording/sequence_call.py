"""One call of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, taken apart into layers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from core.recording.elementwise import furthest, quiet
from core.recording.gradient_watch import Watched
from core.recording.layer_run import LayerRun, reverse_time, with_start
from core.recording.recordable import is_plain
from core.recording.sequence_layout import (
    as_sequences,
    initial_states,
    last_step,
    precise,
    returned_by,
)
from core.recording.weights import Weights, layer_weights

PROOF_SAMPLE = 16  # steps recomputed for the proof where each costs a matrix product


@dataclass
class SequenceCall:
    """What went into one call and what came out, and the runs of its layers.

    watched are the tensors that the model went on with (output, h_n, c_n), on which
    gradients are collected; the order of the runs is torch's.
    """

    module: nn.RNNBase
    runs: list[LayerRun]
    packed: PackedSequence | None
    batched: bool
    dtype: torch.dtype
    dropout_masks: list[Tensor]
    proof_checked: str
    state_difference: float
    watched: list[Watched] = field(default_factory=list)

    @property
    def proof(self) -> float:
        """Largest difference between what was recorded and what the module returned."""
        return max(self.state_difference, *(run.proof for run in self.runs))

    @property
    def directions(self) -> int:
        """One, or two for a module that reads both ways."""
        return 2 if self.module.bidirectional else 1

    @property
    def steps(self) -> int:
        """How long this call is on the recording's time axis."""
        return len(self.runs[0].h)

    def add_gradients(self) -> None:
        """From the gradients of what was watched to total gradients in every layer."""
        output, *finals = (precise(part.gradient) for part in self.watched)
        flow = as_sequences(output, self.module, self.packed, self.batched).values
        h_n, *c_n = (final if self.batched else final.unsqueeze(1) for final in finals)
        for layer in reversed(range(self.module.num_layers)):
            pieces, flow = flow.chunk(self.directions, dim=-1), 0
            for direction in range(self.directions):
                place = layer * self.directions + direction
                run, direct = self.runs[place], pieces[direction]
                direct = reverse_time(direct, run.lengths) if direction else direct
                direct_cell = None
                if c_n:
                    zeros = torch.zeros_like(run.signals["cell"])
                    direct_cell = _at_last_step(zeros, c_n[0][place], run.lengths)
                direct = _at_last_step(direct, h_n[place], run.lengths)
                below = run.add_gradients(direct, direct_cell, below=layer > 0)
                if layer:
                    flow = flow + (reverse_time(below, run.lengths) if direction else below)
            if layer and self.dropout_masks:
                flow = flow * self.dropout_masks[layer - 1]


@quiet
def take_apart(
    module: nn.RNNBase,
    inputs: Tensor | PackedSequence,
    state: Tensor | tuple[Tensor, Tensor] | None,
    output,
    *,
    parts: bool = False,
    gradients: bool = False,
    rng_state: Tensor | None = None,
) -> SequenceCall:
    """Recover every layer of one call; ``output`` is what the module returned.

    gradients: keep what the backward pass needs.
    rng_state: torch's random state before the call, to draw the same dropout again.
    """
    returned, finals = returned_by(module, inputs, output)
    packed = returned if isinstance(returned, PackedSequence) else None
    plain = is_plain(module)
    batched = packed is not None or inputs.dim() == 3
    h = as_sequences(returned, module, packed, batched)
    x = as_sequences(inputs, module, packed, batched).values.detach()
    starts = initial_states(module, state, x, batched)
    directions = 2 if module.bidirectional else 1
    runs: list[LayerRun] = []
    with _replayed(rng_state):
        masks: list[Tensor] = []
        for layer in range(module.num_layers):
            here = [start[layer * directions : (layer + 1) * directions] for start in starts]
            top = layer == module.num_layers - 1
            values = h.values if top else _run_layer(module, layer, x, here, h.lengths)
            graph = values if plain and packed is None and directions == 1 else None
            for direction in range(directions):
                run = _layer_run(module, layer, direction, x, values, here, h.lengths)
                if graph is not None and run.cells is not None:
                    run.last_cell = finals[1][layer].detach()
                run.recover(graph=graph, parts=parts, sample=PROOF_SAMPLE if plain else None)
                if gradients:
                    run.weights = run.weights.each(Tensor.clone)
                runs.append(run)
            x = values.detach()
            if rng_state is not None and not top:
                masks.append(_dropout_mask(x, module.dropout, packed))
                x = x * masks[-1]
    sampled = runs[0].weights.kind == "elman" and plain and len(x) > PROOF_SAMPLE
    return SequenceCall(
        module=module,
        runs=runs,
        packed=packed,
        batched=batched,
        dtype=h.values.dtype,
        dropout_masks=masks,
        proof_checked=f"{PROOF_SAMPLE} of {len(x)} steps" if sampled else "every step",
        state_difference=_state_difference(runs, finals),
    )


def _layer_run(
    module: nn.RNNBase,
    layer: int,
    direction: int,
    x: Tensor,
    values: Tensor,
    starts: list[Tensor],
    lengths: Tensor | None,
) -> LayerRun:
    """One direction of one layer, turned round into the order in which it read."""
    directions = 2 if module.bidirectional else 1
    h = values.detach()
    if directions > 1:
        h = h.chunk(directions, dim=-1)[direction]
    if direction:
        x, h = reverse_time(x, lengths), reverse_time(h, lengths)
    weights = layer_weights(module, layer, direction)
    h0, *c0 = (precise(start[direction]) for start in starts)
    cells = None
    if c0:
        cells = c0[0].new_empty(len(x) + 1, *c0[0].shape)
        cells[0] = c0[0]
    if precise(h) is not h:
        weights, x, h = weights.each(precise), precise(x), precise(h)
    states = with_start(h0, h)
    return LayerRun(weights, x, states, cells, lengths=lengths, reverse=direction == 1)


@contextmanager
def _replayed(rng_state: Tensor | None) -> Iterator[None]:
    """torch's random numbers again from ``rng_state``, and afterwards as they were."""
    if rng_state is None:
        yield
        return
    after = torch.get_rng_state()
    torch.set_rng_state(rng_state)
    try:
        yield
    finally:
        torch.set_rng_state(after)


def _run_layer(
    module: nn.RNNBase, layer: int, x: Tensor, start: list[Tensor], lengths: Tensor | None
) -> Tensor:
    """One layer on torch's own kernel: (time, batch, features) to the outputs, padded."""
    directions = 2 if module.bidirectional else 1
    weights: list[Tensor] = []
    for direction in range(directions):
        w = layer_weights(module, layer, direction)
        weights += [part for part in (w.W, w.U, w.b_i, w.b_h, w.P) if part is not None]
    kernel, hidden = _kernel(layer_weights(module, layer, 0), start)
    settings = (weights, module.bias, 1, 0.0, False, module.bidirectional)
    with torch.no_grad():
        if lengths is None:
            return kernel(x.contiguous(), hidden, *settings, False)[0]
        packed = pack_padded_sequence(x, lengths.cpu(), enforce_sorted=False)
        order = packed.sorted_indices
        hidden = (
            tuple(part[:, order].contiguous() for part in hidden)
            if isinstance(hidden, tuple)
            else hidden[:, order].contiguous()
        )
        data = kernel(packed.data, packed.batch_sizes, hidden, *settings)[0]
    return pad_packed_sequence(PackedSequence(data, *packed[1:]), total_length=len(x))[0]


def _kernel(weights: Weights, start: list[Tensor]):
    name = {"lstm": "lstm", "gru": "gru", "elman": f"rnn_{weights.activation}"}[weights.kind]
    start = [part.contiguous() for part in start]
    return getattr(torch._VF, name), tuple(start) if len(start) > 1 else start[0]


def _dropout_mask(x: Tensor, probability: float, packed: PackedSequence | None) -> Tensor:
    """What the kernel multiplied a layer's outputs by, drawn again from the same random state."""
    if packed is None:
        return functional.dropout(torch.ones_like(x), probability)
    data = functional.dropout(
        torch.ones(len(packed.data), x.shape[-1], dtype=x.dtype, device=x.device), probability
    )
    return pad_packed_sequence(PackedSequence(data, *packed[1:]))[0]


def _at_last_step(direct: Tensor, at_end: Tensor, lengths: Tensor | None) -> Tensor:
    """``direct`` plus what is known of the final state, added at each sequence's last step."""
    direct = direct.clone(memory_format=torch.contiguous_format)
    direct[last_step(lengths)] += at_end
    return direct


def _state_difference(runs: list[LayerRun], finals: tuple[Tensor, ...]) -> float:
    """How far the last recorded states are from the final states that the module returned."""
    return max(
        furthest(recorded[last_step(run.lengths, before=1)], precise(final.detach()[place]))
        for place, run in enumerate(runs)
        for recorded, final in zip((run.states, run.cells), finals)
        if recorded is run.states or run.last_cell is None  # else it was taken from there
    )
