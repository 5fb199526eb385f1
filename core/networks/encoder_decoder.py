"""Networks that write: a decoder that begins in a state made from what there is to say."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.networks.architecture import Architecture
from core.networks.attention import LuongAttention
from core.networks.reader import Ends, InputVectors, recurrent_layers, steps_within
from core.networks.recurrent import Recurrent

START, END = 0, 1  # ids among the written tokens: before the first one, and after the last

Parts = tuple[Tensor, ...]


class Start(NamedTuple):
    """Where a decoder begins.

    state: one tensor (layer, batch, units) for each part of the cell's state.
    source: the encoder's outputs (source, batch, features) to look back at, or None.
    inside: 1 inside each source and 0 in its padding (source, batch, 1), or None.
    """

    state: Parts
    source: Tensor | None = None
    inside: Tensor | None = None

    def repeated(self, rows: Tensor) -> Start:
        """The same for chosen sequences of the batch, which may be named more than once."""
        kept = (None if part is None else part[:, rows] for part in (self.source, self.inside))
        return Start(tuple(part[:, rows] for part in self.state), *kept)


class Written(NamedTuple):
    """What a decoder says at each step.

    logits: (time, batch, tokens). state: after the last step.
    attention: weights (time, batch, source), or None without attention.
    """

    logits: Tensor
    state: Parts
    attention: Tensor | None


class Writer(nn.Module):
    r"""A decoder: from the token before it and its state to the next token.

    .. math::
        s_t = \mathrm{cell}(E y_{t-1}, s_{t-1}), \qquad
        p(y_t \mid y_{<t}, x) = \mathrm{softmax}(V s_t + b_y)

    A subclass says in ``start`` how :math:`s_0` comes from the input :math:`x`. The tokens are
    ids 0 to ``outputs`` - 1, with ``START`` fed first and ``END`` written last. With
    ``source_width`` and ``architecture.attention`` the decoder looks back through
    ``LuongAttention``.

    Raises ValueError for cells that have no state to begin in (see ``refuse``).
    """

    def __init__(self, architecture: Architecture, outputs: int, source_width: int = 0) -> None:
        super().__init__()
        refuse(architecture)
        self.architecture, self.outputs = architecture, outputs
        one_way = replace(architecture, bidirectional=False)
        self.fed = InputVectors(one_way, Ends(outputs, outputs), window=0)
        self.decoder = recurrent_layers(one_way, self.fed.width, outputs)
        width = architecture.hidden_size
        looks_back = architecture.attention and source_width > 0
        self.attention = LuongAttention(width, source_width) if looks_back else None
        self.dropout = nn.Dropout(architecture.dropout)
        self.read_out = nn.Linear(width, outputs)

    def start(self, inputs: Tensor, lengths: Tensor | None = None) -> Start:
        """The state in which to begin, for a whole batch of inputs."""
        raise TypeError(f"{type(self).__name__} does not say where it starts.")

    def write(self, fed: Tensor, start: Start) -> Written:
        """Every step at once, given the token that is fed at each: ids (time, batch)."""
        outputs, state = self.decoder(self.fed(fed), as_state(start.state))
        weights = None
        if self.attention is not None:
            outputs, weights = self.attention(outputs, start.source, start.inside)
        return Written(self.read_out(self.dropout(outputs)), as_parts(state), weights)

    def forward(self, inputs: Tensor, fed: Tensor, lengths: Tensor | None = None) -> Written:
        """Read ``inputs``, then write with ``fed`` (time, batch) as the decoder's inputs."""
        return self.write(fed, self.start(inputs, lengths))


class EncoderDecoder(Writer):
    r"""One network reads a sequence to its end, a second one writes another from there.

    .. math:: h_j = \mathrm{cell}_e(E_e x_j, h_{j-1}), \qquad s_0 = h_S

    Without attention the encoder's last state is all that the decoder ever hears of the source.
    An encoder that reads in both directions has two last states in every layer; then
    :math:`s_0 = \tanh(W_b [\overrightarrow{h}_S; \overleftarrow{h}_1] + b_b)`.

    Source: I. Sutskever, O. Vinyals and Q. Le, Sequence to sequence learning with neural
    networks, arXiv:1409.3215 (2014).
    """

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        directions = 2 if architecture.bidirectional else 1
        super().__init__(architecture, outputs, architecture.hidden_size * directions)
        self.vectors = InputVectors(architecture, Ends(inputs, outputs))
        self.encoder = recurrent_layers(architecture, self.vectors.width, outputs)
        size = architecture.hidden_size
        count = len(state_sizes(self.encoder)) if architecture.bidirectional else 0
        self.bridge = nn.ModuleList(nn.Linear(2 * size, size) for _ in range(count))

    def start(self, inputs: Tensor, lengths: Tensor | None = None) -> Start:
        """Read ids (source, batch), each to its own length (batch,)."""
        vectors = self.vectors(inputs, lengths)
        outputs, parts = run_to_the_ends(self.encoder, vectors, lengths)
        if self.bridge:
            parts = tuple(
                torch.tanh(bridge(torch.cat((part[0::2], part[1::2]), dim=-1)))
                for bridge, part in zip(self.bridge, parts, strict=True)
            )
        if self.attention is None:
            return Start(parts)
        return Start(parts, outputs, steps_within(lengths, len(outputs), outputs.device))


class VectorWriter(Writer):
    r"""A vector, seen once, is said in a sequence: :math:`s_0 = \tanh(W_s x + b_s)`.

    Inputs are numbers (batch, features); every layer and every part of the state has its own
    rows of :math:`W_s`. At no later step does the network see :math:`x` again.
    """

    def __init__(self, architecture: Architecture, inputs: int, outputs: int) -> None:
        super().__init__(architecture, outputs)
        self.places = len(state_sizes(self.decoder)) * architecture.num_layers
        self.begin = nn.Linear(inputs, self.places * architecture.hidden_size)

    def start(self, inputs: Tensor, lengths: Tensor | None = None) -> Start:
        """See the numbers (batch, features) once."""
        layers, size = self.architecture.num_layers, self.architecture.hidden_size
        state = torch.tanh(self.begin(inputs)).view(len(inputs), self.places, size)
        return Start(state.transpose(0, 1).contiguous().split(layers))


def refuse(architecture: Architecture) -> None:
    """ValueError for the cells that cannot be an encoder or a decoder."""
    if architecture.cell == "jordan":
        raise ValueError(
            "A Jordan network carries nothing but its last output, so there is no hidden state "
            "for an encoder to hand over or for a decoder to begin in. Choose another cell."
        )
    if not architecture.recurrent:
        raise ValueError(
            f"A {architecture.cell} carries no state from step to step, so it cannot write. "
            "Choose a recurrent cell."
        )


def run_to_the_ends(
    rnn: nn.Module, vectors: Tensor, lengths: Tensor | None
) -> tuple[Tensor, Parts]:
    """Outputs (time, batch, features), and every sequence's state at its own last step.

    Sequences of one length are read together, so that any cell can do it in any direction.
    """
    if lengths is None or bool((lengths == len(vectors)).all()):
        outputs, state = rnn(vectors)
        return outputs, as_parts(state)
    if isinstance(rnn, Recurrent):
        return _run_by_length(rnn, vectors, lengths)
    packed = nn.utils.rnn.pack_padded_sequence(vectors, lengths, enforce_sorted=False)
    outputs, state = rnn(packed)
    padded = nn.utils.rnn.pad_packed_sequence(outputs, total_length=len(vectors))[0]
    return padded, as_parts(state)


def _run_by_length(rnn: nn.Module, vectors: Tensor, lengths: Tensor) -> tuple[Tensor, Parts]:
    rows, outputs, states = [], [], []
    for length in lengths.unique().tolist():
        same = (lengths == length).nonzero().squeeze(1)
        output, state = rnn(vectors[:length, same])
        rows.append(same)
        outputs.append(nn.functional.pad(output, (0, 0, 0, 0, 0, len(vectors) - length)))
        states.append(as_parts(state))
    order = torch.cat(rows).argsort().to(vectors.device)
    parts = tuple(torch.cat(part, dim=1)[:, order] for part in zip(*states, strict=True))
    return torch.cat(outputs, dim=1)[:, order], parts


def state_sizes(rnn: nn.Module) -> tuple[int, ...]:
    """Width of each part of a recurrent module's state."""
    if isinstance(rnn, Recurrent):
        return rnn.cells[0][0].state_sizes
    if not isinstance(rnn, nn.RNNBase):
        raise TypeError(f"{type(rnn).__name__} has no state; expected a recurrent module.")
    return (rnn.hidden_size,) * (2 if isinstance(rnn, nn.LSTM) else 1)


def as_parts(state: Tensor | Parts) -> Parts:
    """A state as a tuple, also where it has one part only."""
    return (state,) if isinstance(state, Tensor) else tuple(state)


def as_state(parts: Parts) -> Tensor | Parts:
    """A state as torch's modules take it."""
    return parts if len(parts) > 1 else parts[0]
