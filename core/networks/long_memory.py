"""Gates that begin nearly open to the past, so that what is far away can be learned at all."""

from __future__ import annotations

import torch
from torch import nn

KEEPER = 1  # which quarter (LSTM) or third (GRU) of the biases keeps the old state


@torch.no_grad()
def begin_with_long_memories(rnn: nn.Module, shortest: float, longest: float) -> None:
    r"""Draw the biases so that the units of ``rnn`` begin with memories of so many steps.

    .. math:: b_f = \log(m - 1), \qquad b_i = -b_f, \qquad m \sim U(\text{shortest}, \text{longest})

    A gate of :math:`\sigma(\log(m - 1)) = 1 - 1/m` keeps its state for about m steps. The update
    gate of a GRU takes the part of an LSTM's forget gate and has no input gate beside it. Other
    networks are left as they are.
    Source: C. Tallec and Y. Ollivier, arXiv:1804.11188 (2018).
    """
    if not isinstance(rnn, (nn.LSTM, nn.GRU)):
        return
    size = rnn.hidden_size
    for name, bias in rnn.named_parameters():
        if not name.startswith("bias_ih"):
            continue
        keep = torch.empty_like(bias[:size]).uniform_(shortest, longest).sub_(1).log_()
        bias[KEEPER * size : (KEEPER + 1) * size] = keep
        if isinstance(rnn, nn.LSTM):
            bias[:size] = -keep
