"""A feed-forward network: layers that see one step at a time and keep nothing."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import torch
from torch import Tensor, nn

from core.networks.architecture import Architecture
from core.networks.reader import Ends, InputVectors

Activation = Literal["relu", "tanh"]
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}


class Perceptron(nn.Module):
    r"""A multi-layer perceptron, the same at every step; called like ``Reader``.

    .. math:: a_t^{(0)} = x_t,\quad a_t^{(l)} = \phi(W_l a_t^{(l-1)} + b_l),\quad
        \mathrm{logits}_t = V a_t^{(L)} + b_y

    ``num_layers`` hidden layers of ``hidden_size`` units. Nothing goes from one step to the
    next: equal inputs get equal answers wherever they stand. With ``architecture.window`` w,
    step t reads the vectors of t - w .. t + w side by side. With ``ends.each_step`` there are
    logits at every step, else only those of the last step of each sequence, which says nothing
    about the steps before it. The state that is given is ignored, and None is handed back.

    activation: "relu" or "tanh".
    """

    def __init__(
        self, architecture: Architecture, ends: Ends, *, activation: Activation = "relu"
    ) -> None:
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation is {activation!r}; choose one of {', '.join(ACTIVATIONS)}."
            )
        self.architecture, self.ends, self.activation = architecture, ends, activation
        self.encoder = InputVectors(architecture, ends)
        widths = [self.encoder.width, *[architecture.hidden_size] * architecture.num_layers]
        self.layers = nn.ModuleList(
            nn.Linear(before, after) for before, after in itertools.pairwise(widths)
        )
        self.dropout = nn.Dropout(architecture.dropout)
        self.read_out = nn.Linear(architecture.hidden_size, ends.outputs)

    def forward(
        self, inputs: Tensor, lengths: Tensor | None = None, state: Any = None
    ) -> tuple[Tensor, None]:
        """Logits as ``Reader`` gives them, and None."""
        x = self.hidden(inputs, lengths)[-1]
        if not self.ends.each_step:
            x = x[-1] if lengths is None else x[lengths.to(x.device) - 1, range(x.shape[1])]
        return self.read_out(self.dropout(x)), None

    def hidden(self, inputs: Tensor, lengths: Tensor | None = None) -> list[Tensor]:
        """What every hidden layer holds, each (time, batch, unit)."""
        x, found = self.encoder(inputs, lengths), []
        for layer in self.layers:
            x = ACTIVATIONS[self.activation](layer(x))
            found.append(x)
        return found
