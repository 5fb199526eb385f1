"""A network that reads a sequence and answers at every step, or once at the end."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.networks.architecture import Architecture
from core.networks.recurrent import Recurrent

FUSED = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}
PADDING = -1  # an id that is read as zeros, like an unknown one


@dataclass(frozen=True)
class Ends:
    """What the data fix of a network.

    inputs: how many tokens there are (``tokens``), or how many numbers are read at a step.
    outputs: classes told apart, or numbers predicted.
    each_step: one answer at every step; else one at the end.
    """

    inputs: int
    outputs: int
    tokens: bool = True
    each_step: bool = True


class Reader(nn.Module):
    r"""Embedding (or one-hot, or plain numbers), recurrent layers, a linear read-out.

    .. math:: \mathrm{logits}_t = V h_t + b_y

    With ``ends.each_step`` there are logits at every step, else only of the last step of each
    sequence (of both directions: forward at its last step, backward at the first). With
    ``architecture.window`` w, step t reads the vectors of t - w .. t + w side by side, zeros
    beyond the ends. A Jordan network's outputs are themselves the prediction: the logits are
    the logarithms of its softmax, or the outputs themselves where numbers are predicted
    (``softmax=False``).

    ``rnn`` is a fused torch module where torch has the cell, else a ``Recurrent``.
    """

    def __init__(self, architecture: Architecture, ends: Ends, *, softmax: bool = True) -> None:
        super().__init__()
        self.architecture, self.ends, self.softmax = architecture, ends, softmax
        self.encoder = InputVectors(architecture, ends)
        self.rnn = recurrent_layers(architecture, self.encoder.width, ends.outputs, softmax=softmax)
        self.dropout = nn.Dropout(architecture.dropout)
        self._probabilities = architecture.cell == "jordan" and softmax
        width = architecture.hidden_size * (2 if architecture.bidirectional else 1)
        self.read_out = None if architecture.cell == "jordan" else nn.Linear(width, ends.outputs)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None, state=None):
        """Logits and the final state.

        inputs: ids (time, batch), or numbers (time, batch, features).
        lengths: steps of each sequence (batch,) on the CPU, where they differ; what follows is
            padding and must be ``PADDING`` ids (any numbers).
        Logits are (time, batch, outputs), or (batch, outputs) without ``each_step``.
        """
        outputs, state = run_layers(self.rnn, self.encoder(inputs, lengths), lengths, state)
        outputs = outputs if self.ends.each_step else self._at_the_end(outputs, lengths)
        if self.read_out is not None:
            return self.read_out(self.dropout(outputs)), state
        if self._probabilities:
            # log of the softmax that the cell fed back; the floor only guards against log(0)
            outputs = outputs.clamp_min(torch.finfo(outputs.dtype).tiny).log()
        return outputs, state

    def _at_the_end(self, outputs: Tensor, lengths: Tensor | None) -> Tensor:
        if lengths is None:
            last = outputs[-1]
        else:
            columns = torch.arange(outputs.shape[1], device=outputs.device)
            last = outputs[lengths.to(outputs.device) - 1, columns]
        if not self.architecture.bidirectional:
            return last
        half = self.architecture.hidden_size
        return torch.cat((last[:, :half], outputs[0][:, half:]), dim=-1)


class Convolution(nn.Module):
    """One-dimensional convolutions over the same inputs: local words, no memory.

    ``num_layers`` convolutions of width 2 window + 1 with ReLU between; then the logits of
    every step, or of the largest value of every channel over time. Called like ``Reader``; the
    state is None.
    """

    def __init__(self, architecture: Architecture, ends: Ends) -> None:
        super().__init__()
        self.architecture, self.ends = architecture, ends
        self.encoder = InputVectors(architecture, ends, window=0)
        widths = [self.encoder.width, *[architecture.hidden_size] * architecture.num_layers]
        size = 2 * architecture.window + 1
        self.layers = nn.ModuleList(
            nn.Conv1d(before, after, size, padding=architecture.window)
            for before, after in itertools.pairwise(widths)
        )
        self.dropout = nn.Dropout(architecture.dropout)
        self.read_out = nn.Linear(architecture.hidden_size, ends.outputs)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None, state=None):
        """Logits as ``Reader`` gives them, and None."""
        x = self.encoder(inputs, lengths)
        inside = steps_within(lengths, len(x), x.device)
        for layer in self.layers:
            x = functional.relu(layer(x.permute(1, 2, 0))).permute(2, 0, 1)
            if inside is not None:
                x = x * inside
        if not self.ends.each_step:
            x = x.amax(0)  # after ReLU nothing is below the zeros of the padding
        return self.read_out(self.dropout(x)), None


class InputVectors(nn.Module):
    """What each step is read as: embedding, one-hot or plain numbers, with its neighbours.

    ``width`` is the number of features. Ids outside the vocabulary are read as zeros.
    """

    def __init__(self, architecture: Architecture, ends: Ends, window: int | None = None) -> None:
        super().__init__()
        self.ends = ends
        self.window = architecture.window if window is None else window
        embedded = ends.tokens and architecture.embedding_size > 0
        self.embedding = (
            nn.Embedding(ends.inputs + 1, architecture.embedding_size, padding_idx=ends.inputs)
            if embedded
            else None
        )
        self.dropout = nn.Dropout(architecture.dropout if ends.tokens else 0.0)
        # of the type and on the device of the model, also where there is no parameter to ask
        self.register_buffer("_like", torch.empty(0), persistent=False)
        each = architecture.embedding_size if embedded else ends.inputs
        self.width = each * (2 * self.window + 1)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None) -> Tensor:
        """(time, batch) ids or (time, batch, features) numbers to (time, batch, width)."""
        x = self.dropout(self._vectors(inputs))
        inside = steps_within(lengths, len(x), x.device)
        if inside is not None:
            x = x * inside
        if not self.window:
            return x
        padded = functional.pad(x, (0, 0, 0, 0, self.window, self.window))
        shifts = range(2 * self.window + 1)
        return torch.cat([padded[shift : shift + len(x)] for shift in shifts], dim=-1)

    def _vectors(self, inputs: Tensor) -> Tensor:
        if not self.ends.tokens:
            return inputs
        size = self.ends.inputs
        known = inputs.masked_fill((inputs < 0) | (inputs > size), size)
        if self.embedding is not None:
            return self.embedding(known)
        return functional.one_hot(known, size + 1)[..., :size].to(self._like.dtype)


def recurrent_layers(
    architecture: Architecture, width: int, outputs: int, *, softmax: bool = True
) -> nn.Module:
    """The recurrent part alone; ``outputs`` matter to a Jordan network only."""
    options = {
        "num_layers": architecture.num_layers,
        "bidirectional": architecture.bidirectional,
        "dropout": architecture.dropout if architecture.num_layers > 1 else 0.0,
    }
    if architecture.cell == "elman":
        options["nonlinearity"] = architecture.nonlinearity
    if architecture.cell in FUSED:
        return FUSED[architecture.cell](width, architecture.hidden_size, **options)
    if architecture.cell == "jordan":
        options["output_size"] = outputs
        options["output_activation"] = "softmax" if softmax else "identity"
    return Recurrent(architecture.cell, width, architecture.hidden_size, **options)


def run_layers(rnn: nn.Module, x: Tensor, lengths: Tensor | None, state):
    """Outputs (time, batch, units) and final state, each sequence ending at its own length.

    Where padding would be read first, which is in the backward direction only, sequences of
    different lengths are packed, or turned round each by itself for the open cells.
    """
    if lengths is None or not rnn.bidirectional or (lengths == len(x)).all():
        return rnn(x, state)
    if isinstance(rnn, Recurrent):
        return rnn(x, state, lengths=lengths)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    outputs, state = rnn(packed, state)
    return pad_packed_sequence(outputs, total_length=len(x))[0], state


def steps_within(lengths: Tensor | None, steps: int, device: torch.device) -> Tensor | None:
    """1 inside each sequence and 0 in its padding, (time, batch, 1); None without lengths."""
    if lengths is None:
        return None
    return (torch.arange(steps)[:, None] < lengths).to(device).unsqueeze(-1)
