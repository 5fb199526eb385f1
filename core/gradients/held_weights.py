"""A gate held for the whole of a text, as weights that can say nothing else."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import nn

from core.gradients.altered_step import Hold, check, held_rows
from core.gradients.runs import as_recurrent


def held_throughout(model: nn.Module, *holds: Hold) -> nn.Module:
    r"""A copy of ``model`` whose gates say the held values by themselves.

    A gate :math:`\gamma = \sigma(W x + U h + b)` says v at every step if its rows of W and U
    are 0 and its b is :math:`\sigma^{-1}(v)`. The copy is an ordinary model, so torch's fused
    kernels run it and it is recorded as fast as any other; ``intervened`` gives the same numbers
    step by step and can also hold for a while.

    model: an ``nn.LSTM`` or ``nn.GRU`` with biases, or a model that has one as its ``rnn``.
    Raises TypeError for another model, and ValueError for a hold that names steps, or a gate,
    unit, value or layer that the model does not have.
    """
    copy = deepcopy(model)
    rnn = copy if isinstance(copy, nn.RNNBase) else getattr(copy, "rnn", None)
    if not isinstance(rnn, nn.LSTM | nn.GRU) or not rnn.bias:
        raise TypeError(
            f"{type(model).__name__} has no nn.LSTM or nn.GRU with biases to hold; use intervened."
        )
    cells = as_recurrent(rnn).cells
    for hold in holds:
        if hold.steps is not None:
            raise ValueError(f"The hold names the steps {hold.steps}; use intervened for a while.")
        if not -len(cells) <= hold.layer < len(cells) or not 0 <= hold.direction < len(cells[0]):
            raise ValueError(
                f"There is no layer {hold.layer} with direction {hold.direction}; the network "
                f"has {len(cells)} layer(s) and {len(cells[0])} direction(s)."
            )
        check(cells[hold.layer][hold.direction], hold)
        _write(rnn, hold, *held_rows(cells[hold.layer][hold.direction], [hold]))
    return copy


@torch.no_grad()
def _write(rnn: nn.RNNBase, hold: Hold, held: torch.Tensor, target: torch.Tensor) -> None:
    suffix = f"_l{hold.layer % rnn.num_layers}" + "_reverse" * hold.direction
    rows, value = held.flatten(), target.flatten()[held.flatten()]
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(rnn, name + suffix)[rows] = 0
    bias = getattr(rnn, "bias_ih" + suffix)
    bias[rows] = value.to(bias)
