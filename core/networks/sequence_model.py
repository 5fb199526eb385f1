"""Tokens in, a score for every possible next token out: the model the explorer shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.cells import OWN_ANSWER
from core.networks.recurrent import Recurrent, open_module


@dataclass(frozen=True)
class ModelSettings:
    """Everything that fixes a ``SequenceModel`` but its weights.

    cell: elman, jordan, lstm, gru (torch's) or gru-original.
    vocabulary_size, output_size: tokens read and classes told apart (0: the same number).
    embedding_size: width of a learned embedding, or 0 for one-hot inputs.
    """

    cell: str
    vocabulary_size: int
    hidden_size: int
    output_size: int = 0
    embedding_size: int = 0
    num_layers: int = 1
    bidirectional: bool = False
    dropout: float = 0.0
    activation: str = "tanh"

    @property
    def classes(self) -> int:
        """The number of classes that the read-out tells apart."""
        return self.output_size or self.vocabulary_size


class SequenceModel(nn.Module):
    r"""Embedding or one-hot, recurrent layers, and a linear read-out at every step.

    .. math:: \mathrm{logits}_t = V h_t + b_y

    A Jordan network, or one of plain output feedback, has no separate read-out: its cell's
    softmax output *is* the prediction and is what it feeds back, and the logits returned are
    the logarithms of that output. With plain output feedback there is no hidden layer, so
    ``hidden_size`` must be the number of classes.

    ``rnn`` is a fused torch module where torch has the cell (train on that) and a
    ``Recurrent`` of open cells otherwise; ``opened()`` gives the open form with the same
    weights. Inputs are ids (time, batch); the id ``vocabulary_size`` is read as zeros.
    """

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings
        width = settings.embedding_size or settings.vocabulary_size
        if settings.embedding_size:
            unknown = settings.vocabulary_size
            self.embedding = nn.Embedding(unknown + 1, width, padding_idx=unknown)
        else:
            self.embedding = None
        self.rnn = _recurrent_layers(settings, width)
        directions = 2 if settings.bidirectional else 1
        self.read_out = (
            None
            if settings.cell in OWN_ANSWER
            else nn.Linear(settings.hidden_size * directions, settings.classes)
        )

    def embed(self, ids: Tensor) -> Tensor:
        """The vector each id is read as: (time, batch) to (time, batch, features)."""
        if self.embedding is not None:
            return self.embedding(ids)
        size = self.settings.vocabulary_size
        return functional.one_hot(ids, size + 1)[..., :size].to(next(self.parameters()).dtype)

    def forward(self, ids: Tensor, state=None) -> tuple[Tensor, object]:
        """Logits (time, batch, classes) and the final state, ready to be passed in again."""
        outputs, state = self.rnn(self.embed(ids), state)
        if self.read_out is not None:
            return self.read_out(outputs), state
        # log of the softmax that the cell fed back; the floor only guards against log(0)
        return outputs.clamp_min(torch.finfo(outputs.dtype).tiny).log(), state

    def opened(self) -> SequenceModel:
        """The same model with open cells; it shares its weights with this one."""
        if isinstance(self.rnn, Recurrent):
            return self
        twin = SequenceModel(self.settings)
        twin.embedding, twin.read_out = self.embedding, self.read_out
        twin.rnn = open_module(self.rnn)
        return twin.train(self.training)

    def describe(self) -> dict[str, object]:
        """The settings as plain values, to be written beside the weights."""
        return asdict(self.settings)


def _recurrent_layers(settings: ModelSettings, width: int) -> nn.Module:
    options = {
        "num_layers": settings.num_layers,
        "bidirectional": settings.bidirectional,
        "dropout": settings.dropout if settings.num_layers > 1 else 0.0,
    }
    size = settings.hidden_size
    if settings.cell == "lstm":
        return nn.LSTM(width, size, **options)
    if settings.cell == "gru":
        return nn.GRU(width, size, **options)
    if settings.cell == "elman" and settings.activation in ("tanh", "relu"):
        return nn.RNN(width, size, nonlinearity=settings.activation, **options)
    if settings.cell == "elman":
        options["activation"] = settings.activation
    if settings.cell in OWN_ANSWER and (settings.num_layers > 1 or settings.bidirectional):
        name = "Jordan" if settings.cell == "jordan" else "plain feedback"
        raise ValueError(
            f"A {name} network has one layer and one direction: it feeds back its prediction, "
            f"and only the last layer predicts. Got num_layers={settings.num_layers}, "
            f"bidirectional={settings.bidirectional}."
        )
    if settings.cell == "output-feedback":
        if size != settings.classes:
            raise ValueError(
                f"hidden_size is {size}; a network of plain output feedback has no hidden layer, "
                f"so it must be the number of classes, {settings.classes}."
            )
        options["activation"] = "softmax"
    if settings.cell == "jordan":
        options |= {
            "activation": settings.activation,
            "output_activation": "softmax",
            "output_size": settings.classes,
        }
    return Recurrent(settings.cell, width, size, **options)
