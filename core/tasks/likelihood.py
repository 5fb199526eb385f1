"""How well a model foresees what comes next."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.tasks.streams import read_through
from core.tasks.task import IGNORED


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log p(target), in nats, over the targets that are asked for.

    logits: (time, batch, classes). targets: (time, batch), ``IGNORED`` where nothing is asked.
    Without any target the mean is 0, so that such a batch changes nothing.
    """
    total = functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / (targets != IGNORED).sum().clamp_min(1)


@torch.no_grad()
def mean_loss(model: nn.Module, ids: Tensor, classes: int) -> float | None:
    """Mean cross-entropy of ``model`` on the text ``ids`` (time,), in nats per token.

    The model is called as ``logits, state = model(ids, state=state)``, in eval mode, and left in
    the mode that it was in; ids of ``classes`` or more are read but not asked for.
    None for a text with nothing to predict.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    for batch in read_through(ids, classes):
        targets = batch.targets.to(device)
        logits, state = model(batch.inputs.to(device), state=state if batch.continues else None)
        asked = int((targets != IGNORED).sum())
        total += cross_entropy(logits, targets).item() * asked
        count += asked
    model.train(training)
    return total / count if count else None
