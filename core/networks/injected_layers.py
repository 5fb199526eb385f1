"""A deep perceptron that reads one input at each layer, and what makes it recurrent."""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from core.networks.reader import Reader


class InjectedLayers(nn.Module):
    r"""As many layers as steps, each with matrices of its own; layer t also reads input t.

    .. math:: h_t = \tanh(W_t x_t + U_t h_{t-1} + b_t),\quad \mathrm{logits}_t = V h_t + b_y

    With h_0 = 0. Once all layers have the same W, U and b this is an Elman network that was
    unrolled over ``layers`` steps, to the last digit that adding in another order leaves.

    weight_input (layer, unit, feature), weight_recurrent (layer, unit, unit), bias
    (layer, unit); ``read_out`` is the same at every layer.
    """

    def __init__(self, layers: int, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        if min(layers, inputs, hidden, outputs) < 1:
            raise ValueError(
                f"got layers={layers}, inputs={inputs}, hidden={hidden}, outputs={outputs}; "
                "expected at least 1 of each."
            )
        bound = hidden**-0.5

        def drawn(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(layers, *shape).uniform_(-bound, bound))

        self.weight_input = drawn(hidden, inputs)
        self.weight_recurrent = drawn(hidden, hidden)
        self.bias = drawn(hidden)
        self.read_out = nn.Linear(hidden, outputs)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (time, output) and states (time, unit) for x (time, feature).

        Raises ValueError for more steps than there are layers.
        """
        if len(x) > len(self.bias):
            raise ValueError(
                f"There are {len(x)} inputs and {len(self.bias)} layers: a feed-forward network "
                "has no matrices for what comes later. Build it anew, or tie its layers."
            )
        h, states = x.new_zeros(self.bias.shape[1]), []
        for step, x_t in enumerate(x):
            W, U, b = self.weight_input[step], self.weight_recurrent[step], self.bias[step]
            h = torch.tanh(W @ x_t + U @ h + b)
            states.append(h)
        held = torch.stack(states)
        return self.read_out(held), held

    @classmethod
    def copies_of(cls, network: Reader, layers: int) -> Self:
        """``layers`` copies of a one-layer Elman network that reads one-hot or plain inputs.

        Raises ValueError for another kind of network.
        """
        rnn, read_out = network.rnn, network.read_out
        if (
            not isinstance(rnn, nn.RNN)
            or (rnn.num_layers, rnn.bidirectional, rnn.nonlinearity) != (1, False, "tanh")
            or read_out is None
        ):
            raise ValueError(
                f"got {type(rnn).__name__}; expected a tanh nn.RNN with one layer and direction."
            )
        made = cls(layers, rnn.input_size, rnn.hidden_size, network.ends.outputs)
        weight_ih, weight_hh, bias_ih, bias_hh = rnn.all_weights[0]
        made.to(weight_ih.dtype)
        with torch.no_grad():
            made.weight_input.copy_(weight_ih)
            made.weight_recurrent.copy_(weight_hh)
            made.bias.copy_(bias_ih + bias_hh)
            made.read_out.load_state_dict(read_out.state_dict())
        return made

    def tied(self, network: Reader, share: float) -> Self:
        """These layers, moved by ``share`` of the way to copies of ``network``: 0 leaves them
        as they are, 1 makes all of them the same."""
        if not 0 <= share <= 1:
            raise ValueError(f"share is {share}; expected 0 to 1.")
        made = self.copies_of(network, len(self.bias))
        own = self.state_dict()
        with torch.no_grad():
            for name, tensor in made.state_dict().items():
                tensor.lerp_(own[name], 1 - share) if share < 1 else None
        return made
