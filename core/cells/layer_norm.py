"""The plain cell with its pre-activation normalised over the units."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.cells.step import Cell, State, Step


class LayerNormElmanCell(Cell):
    r"""An Elman cell with layer normalisation.

    .. math:: a_t = W x_t + U h_{t-1}, \qquad
              h_t = \tanh\Bigl(g \odot \frac{a_t - \mu_t}{\sqrt{\sigma_t^2 + \epsilon}} + b\Bigr)

    mean and variance over the units of one step, so that nothing depends on the rest of the batch
    or on other steps. W and U may be larger or smaller, both together: nothing changes.
    It is made for comparison; files of models and recordings do not know it.

    Source: J. Ba, J. Kiros and G. Hinton, Layer normalization, arXiv:1607.06450 (2016).
    """

    kind = "elman-layer-norm"
    epsilon = 1e-5

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        self._add_weights(1, hidden_size, bias=False)
        self.reset_parameters()
        self.gain = nn.Parameter(torch.ones(hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x: Tensor, state: State) -> Step:
        (h_previous,) = state
        a = x @ self.weight_ih.T + h_previous @ self.weight_hh.T
        normed = functional.layer_norm(a, (self.hidden_size,), self.gain, self.bias, self.epsilon)
        h = torch.tanh(normed)
        return Step(h, (h,), {"hidden_preactivation": normed, "hidden": h, "output": h})
