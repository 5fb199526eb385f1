"""Adam for networks whose weights lie side by side, each with a rate and a clip of its own."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

BETAS, TINY = (0.9, 0.999), 1e-8  # torch's


class StackedAdam:
    r"""``torch.optim.Adam`` and ``clip_grad_norm_`` for every member by itself.

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) g \qquad
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2 \\
        w &\leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    weights: each (members, ...). rates: :math:`\eta` of each member (members,).
    Source: D. Kingma and J. Ba, arXiv:1412.6980 (2014).
    """

    def __init__(self, weights: Mapping[str, Tensor], rates: Tensor) -> None:
        self.weights, self.rates, self.steps = dict(weights), rates, 0
        self.means = {name: torch.zeros_like(w) for name, w in self.weights.items()}
        self.squares = {name: torch.zeros_like(w) for name, w in self.weights.items()}

    @torch.no_grad()
    def update(self, clip: float) -> Tensor:
        """One step down the gradients that the weights carry, each member's clipped at ``clip``.

        The norm of every member's whole gradient before that is returned (members,).
        """
        self.steps += 1
        parts = [weight.grad.flatten(1).norm(dim=1) for weight in self.weights.values()]
        norms = torch.stack(parts).norm(dim=0)
        (one, two), shrink = BETAS, (clip / (norms + 1e-6)).clamp(max=1)
        for name, weight in self.weights.items():
            shape = (-1, *[1] * (weight.dim() - 1))
            gradient = weight.grad * shrink.view(shape)
            mean, square = self.means[name], self.squares[name]
            mean.lerp_(gradient, 1 - one)
            square.mul_(two).addcmul_(gradient, gradient, value=1 - two)
            size = (square / (1 - two**self.steps)).sqrt_().add_(TINY)
            weight -= (self.rates / (1 - one**self.steps)).view(shape) * mean / size
            weight.grad = None
        return norms

    def keep(self, members: list[int]) -> dict[str, Tensor]:
        """Go on with these members alone; their weights are returned."""
        self.rates = self.rates[members]
        self.means = {name: mean[members] for name, mean in self.means.items()}
        self.squares = {name: square[members] for name, square in self.squares.items()}
        self.weights = {
            name: weight.detach()[members].requires_grad_() for name, weight in self.weights.items()
        }
        return self.weights
