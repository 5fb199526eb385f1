"""Looking back: how a decoder weighs every state of its encoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LuongAttention(nn.Module):
    r"""Global attention with the "general" score.

    .. math::
        e_{tj} &= s_t^\top W_a h_j, \qquad
        \alpha_{tj} = \frac{\exp e_{tj}}{\sum_k \exp e_{tk}} \\
        c_t &= \sum_j \alpha_{tj} h_j, \qquad
        \tilde s_t = \tanh(W_c\,[c_t; s_t] + b_c)

    :math:`s_t` are the decoder's states, :math:`h_j` the encoder's outputs, and what is read
    out is :math:`\tilde s_t`. It is not fed back into the next step (no "input feeding"), so
    the decoder itself remains the same recurrent network with or without attention, and with
    the true tokens as inputs all of its steps run at once.

    width: of the decoder's states. source_width: of the encoder's outputs.
    Source: M.-T. Luong, H. Pham and C. Manning, Effective approaches to attention-based neural
    machine translation, arXiv:1508.04025 (2015).
    """

    def __init__(self, width: int, source_width: int) -> None:
        super().__init__()
        self.score = nn.Linear(source_width, width, bias=False)
        self.combine = nn.Linear(source_width + width, width)

    def forward(
        self, states: Tensor, source: Tensor, inside: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attentional states (time, batch, width) and weights (time, batch, source).

        states: (time, batch, width). source: (source, batch, source_width).
        inside: 1 inside each source and 0 in its padding, (source, batch, 1); the weights are 0
            there and sum to 1 over the rest.
        """
        scores = torch.einsum("tbu,sbu->tbs", states, self.score(source))
        if inside is not None:
            scores = scores.masked_fill(inside.squeeze(-1).T.unsqueeze(0) == 0, -torch.inf)
        weights = torch.softmax(scores, dim=-1)
        context = torch.einsum("tbs,sbu->tbu", weights, source)
        return torch.tanh(self.combine(torch.cat((context, states), dim=-1))), weights
