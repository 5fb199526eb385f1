"""One call of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``, taken apart into layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from core.recording.layer_run import LayerRun, reverse_time
from core.recording.weights import Weights, layer_weights

KERNELS = {nn.LSTM: nn.LSTM.forward, nn.GRU: nn.GRU.forward, nn.RNN: nn.RNN.forward}
PROOF_SAMPLE = 64  # steps recomputed for the proof where each costs a matrix product


class Sequences(NamedTuple):
    """Inputs or outputs as (time, batch, features), padded, with lengths if they were packed."""

    values: Tensor
    lengths: Tensor | None


def is_plain(module: nn.RNNBase) -> bool:
    """Whether calling ``module`` runs torch's own kernel and nothing else."""
    function = getattr(module.forward, "__func__", module.forward)
    return any(isinstance(module, cls) and function is own for cls, own in KERNELS.items())


@dataclass
class SequenceCall:
    """What went into one call and what came out, and the runs of its layers.

    handles are the tensors that the model went on with (output, h_n, c_n), on which
    gradients are collected; order is torch's.
    """

    module: nn.RNNBase
    runs: list[LayerRun]
    handles: tuple[Tensor, ...]
    packed: PackedSequence | None
    batched: bool
    dropout_masks: list[Tensor]
    proof_checked: str
    state_difference: float

    @property
    def proof(self) -> float:
        """Largest difference between what was recorded and what the module returned."""
        return max(self.state_difference, *(run.proof for run in self.runs))

    @property
    def directions(self) -> int:
        """One, or two for a module that reads both ways."""
        return 2 if self.module.bidirectional else 1

    def add_gradients(self, gradients: list[Tensor | None]) -> None:
        """From the gradients of ``handles`` to total gradients in every layer."""
        output, h_n, *c_n = (
            torch.zeros_like(handle) if gradient is None else gradient
            for handle, gradient in zip(self.handles, gradients)
        )
        flow = _sequences(output, self.module, self.packed, self.batched).values
        h_n = h_n if self.batched else h_n.unsqueeze(1)
        c_n = [c if self.batched else c.unsqueeze(1) for c in c_n]
        for layer in reversed(range(self.module.num_layers)):
            pieces, flow_below = flow.chunk(self.directions, dim=-1), 0
            for direction in range(self.directions):
                place = layer * self.directions + direction
                run = self.runs[place]
                direct = (
                    reverse_time(pieces[direction], run.lengths) if direction else pieces[direction]
                )
                direct = _at_last_step(direct, h_n[place], run.lengths)
                direct_cell = None
                if c_n:
                    zeros = torch.zeros_like(run.signals["cell"])
                    direct_cell = _at_last_step(zeros, c_n[0][place], run.lengths)
                below = run.add_gradients(direct, direct_cell)
                flow_below = flow_below + (reverse_time(below, run.lengths) if direction else below)
            flow = flow_below
            if layer and self.dropout_masks:
                flow = flow * self.dropout_masks[layer - 1]


def take_apart(
    module: nn.RNNBase,
    inputs: Tensor | PackedSequence,
    state: Tensor | tuple[Tensor, Tensor] | None,
    output,
    *,
    parts: bool,
    rng_state: Tensor | None,
) -> SequenceCall:
    """Recover every layer of one call; ``output`` is what the module returned.

    rng_state: torch's random state before the call, to draw the same dropout again.
    """
    returned, final = output
    finals = final if isinstance(final, tuple) else (final,)
    packed = returned if isinstance(returned, PackedSequence) else None
    plain = is_plain(module)
    batched = packed is not None or inputs.dim() == 3
    h = _sequences(returned, module, packed, batched)
    x = _sequences(inputs, module, packed, batched).values.detach()
    starts = _initial_states(module, state, x, packed, batched)
    directions = 2 if module.bidirectional else 1
    runs: list[LayerRun] = []
    masks: list[Tensor] = []
    after = torch.get_rng_state() if rng_state is not None else None
    if rng_state is not None:
        torch.set_rng_state(rng_state)
    for layer in range(module.num_layers):
        here = [start[layer * directions : (layer + 1) * directions] for start in starts]
        top = layer == module.num_layers - 1
        values = h.values if top else _run_layer(module, layer, x, here, h.lengths)
        graph = values if plain and packed is None and directions == 1 else None
        for direction in range(directions):
            piece = values.detach().chunk(directions, dim=-1)[direction]
            run = LayerRun(
                layer_weights(module, layer, direction),
                reverse_time(x, h.lengths) if direction else x,
                reverse_time(piece, h.lengths) if direction else piece,
                *(start[direction] for start in here),
                *([None] if len(here) == 1 else []),
                lengths=h.lengths,
                reverse=direction == 1,
            )
            run.recover(graph=graph, parts=parts, sample=PROOF_SAMPLE if plain else None)
            runs.append(run)
        x = values.detach()
        if rng_state is not None and not top:
            masks.append(_dropout_mask(x, module.dropout, packed))
            x = x * masks[-1]
    if after is not None:
        torch.set_rng_state(after)
    sampled = runs[0].weights.kind == "elman" and plain and len(x) > PROOF_SAMPLE
    return SequenceCall(
        module=module,
        runs=runs,
        handles=(packed.data if packed is not None else returned, *finals),
        packed=packed,
        batched=batched,
        dropout_masks=masks,
        proof_checked=f"{PROOF_SAMPLE} of {len(x)} steps" if sampled else "every step",
        state_difference=_state_difference(runs, finals, batched),
    )


def _sequences(values, module: nn.RNNBase, packed: PackedSequence | None, batched: bool):
    """Whatever torch accepts or returns, as (time, batch, features)."""
    if packed is not None:
        data = values.data if isinstance(values, PackedSequence) else values
        as_packed = PackedSequence(data, *packed[1:])
        padded, lengths = pad_packed_sequence(as_packed)
        return Sequences(padded, lengths.to(padded.device))
    if not batched:
        return Sequences(values.unsqueeze(1), None)
    return Sequences(values.transpose(0, 1) if module.batch_first else values, None)


def _initial_states(
    module: nn.RNNBase, state, x: Tensor, packed: PackedSequence | None, batched: bool
) -> list[Tensor]:
    count = module.num_layers * (2 if module.bidirectional else 1)
    if state is None:
        widths = [module.proj_size or module.hidden_size]
        if isinstance(module, nn.LSTM):
            widths.append(module.hidden_size)
        return [x.new_zeros(count, x.shape[1], width) for width in widths]
    given = state if isinstance(state, tuple) else (state,)
    return [(part if batched else part.unsqueeze(1)).detach() for part in given]


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
    direct = direct.clone()
    if lengths is None:
        direct[-1] += at_end
    else:
        direct[lengths - 1, torch.arange(len(lengths), device=direct.device)] += at_end
    return direct


def _state_difference(runs: list[LayerRun], finals: tuple[Tensor, ...], batched: bool) -> float:
    """How far the last recorded states are from the final states that the module returned."""
    largest = 0.0
    for place, run in enumerate(runs):
        for name, final in zip(("hidden", "cell"), finals):
            final = (final if batched else final.unsqueeze(1))[place].detach()
            values = run.signals[name]
            if run.lengths is None:
                last = values[-1]
            else:
                columns = torch.arange(values.shape[1], device=values.device)
                last = values[run.lengths - 1, columns]
            largest = max(largest, float((last - final).abs().max()))
    return largest
