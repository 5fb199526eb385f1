"""One token further: a network that predicts the next one, asked step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


@contextmanager
def asking(model: nn.Module) -> Iterator[None]:
    """Eval mode without gradients; the model is left in the mode it was in.

    Raises ValueError for a network that reads in both directions: it cannot write, because it
    would have to read what is not there yet.
    """
    if getattr(getattr(model, "rnn", None), "bidirectional", False):
        raise ValueError(
            "The network reads in both directions, so it would have to read what it has not "
            "written yet. Choose one with bidirectional=False."
        )
    training = model.training
    if training:
        model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        if training:
            model.train()


def read_on(model: nn.Module, ids: Tensor, state: Any = None) -> tuple[Tensor, Any]:
    """Logits (time, batch, class) on the CPU and the state after ``ids`` (time, batch)."""
    logits, state = model(ids.to(next(model.parameters()).device), state=state)
    return logits.cpu(), state


def column(ids: Sequence[int]) -> Tensor:
    """Ids as one sequence, (time, 1); ValueError without any."""
    if not len(ids):
        raise ValueError("There is nothing to go on from; give a prompt of at least one token.")
    return torch.tensor(list(ids)).unsqueeze(1)


def branches(state: Any, places: Tensor) -> Any:
    """The states of these sequences of a batch, in this order: (layer, batch, unit) each."""
    if isinstance(state, Tensor):
        return state.index_select(1, places.to(state.device))
    return tuple(branches(part, places) for part in state)
