"""The shapes in which torch's recurrent modules take and return sequences, made one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from core.recording.errors import RecordingError


class Sequences(NamedTuple):
    """Inputs or outputs as (time, batch, features), padded, with lengths if they were packed."""

    values: Tensor
    lengths: Tensor | None


def returned_by(
    module: nn.RNNBase, inputs: Tensor | PackedSequence, output
) -> tuple[Tensor | PackedSequence, tuple[Tensor, ...]]:
    """Outputs and final states, refused unless they look like what torch's module returns."""
    width = (module.proj_size or module.hidden_size) * (2 if module.bidirectional else 1)
    if isinstance(output, tuple) and len(output) == 2:
        returned, final = output
        finals = final if isinstance(final, tuple) else (final,)
        states = 2 if isinstance(module, nn.LSTM) else 1
        shapes = [getattr(_tensor(values), "shape", None) for values in (inputs, returned)]
        if None not in shapes and len(finals) == states and shapes[1] == (*shapes[0][:-1], width):
            return returned, finals
    raise RecordingError(
        f"{type(module).__name__} takes or returns something else than torch's own module does; "
        f"expected an input (..., features) and (output, state) with an output (..., {width}) of "
        "the same length. Let a module around it do the rest, not a subclass or a hook."
    )


def _tensor(values):
    return values.data if isinstance(values, PackedSequence) else values


def as_sequences(
    values, module: nn.RNNBase, packed: PackedSequence | None, batched: bool
) -> Sequences:
    """Whatever torch accepts or returns, as (time, batch, features)."""
    if packed is not None:
        padded, lengths = pad_packed_sequence(PackedSequence(_tensor(values), *packed[1:]))
        return Sequences(padded, lengths.to(padded.device))
    if not batched:
        return Sequences(values.unsqueeze(1), None)
    return Sequences(values.transpose(0, 1) if module.batch_first else values, None)


def initial_states(module: nn.RNNBase, state, x: Tensor, batched: bool) -> list[Tensor]:
    """h and, for LSTM, c before the first step, each (layers x directions, batch, units)."""
    count = module.num_layers * (2 if module.bidirectional else 1)
    if state is None:
        widths = [module.proj_size or module.hidden_size]
        if isinstance(module, nn.LSTM):
            widths.append(module.hidden_size)
        return [x.new_zeros(count, x.shape[1], width) for width in widths]
    given = (state,) if isinstance(state, Tensor) else tuple(state)
    return [(part if batched else part.unsqueeze(1)).detach() for part in given]


def last_step(lengths: Tensor | None, *, before: int = 0):
    """The index of each sequence's last step, after ``before`` entries that come first."""
    if lengths is None:
        return -1
    return lengths - 1 + before, torch.arange(len(lengths), device=lengths.device)


def precise(value: Tensor) -> Tensor:
    """Half precision is kept in single: a scan over rounded gates would drift away."""
    return value.float() if value.dtype in (torch.bfloat16, torch.float16) else value
