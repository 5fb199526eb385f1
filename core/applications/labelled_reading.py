"""A network that labels every step of what it reads, recorded at work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from core.applications.application import LossAt
from core.networks.architecture import Architecture
from core.recording import Trace, record


def read_labels(
    model: nn.Module,
    inputs: Tensor,
    *,
    tokens: Sequence[str],
    classes: Sequence[str],
    loss: Callable[[Tensor], Tensor] | None,
    loss_at: LossAt | None,
    settings: Mapping[str, Any],
    parts: bool = True,
) -> dict[str, Trace]:
    """Record ``model`` while it reads ``inputs`` (time, 1, features), with what it answers.

    The traces hold ``prediction`` (time, batch, class), the probabilities of ``classes`` at
    each step, and their settings say that it predicts "here". loss: of the logits
    (time, 1, class), for the gradients. An empty dict for a network that is not recurrent.
    """
    architecture = getattr(model, "architecture", None)
    if isinstance(architecture, Architecture) and not architecture.recurrent:
        return {}
    kept: list[Tensor] = []

    def watched(output: tuple[Tensor, Any]) -> Tensor:
        kept.append(output[0].detach())
        return loss(output[0]) if loss else output[0].sum()

    traces = record(
        model,
        inputs,
        loss=watched if loss_at and loss else None,
        parts=parts,
        tokens=list(tokens),
        settings={**settings, "loss_at": loss_at or "none", "predicts": "here"},
    )
    if not kept:
        with torch.no_grad():
            kept.append(model(inputs)[0])
    probabilities = torch.softmax(kept[0], dim=-1).cpu().numpy()
    return {path: _with_labels(trace, probabilities, classes) for path, trace in traces.items()}


def _with_labels(trace: Trace, probabilities: Any, classes: Sequence[str]) -> Trace:
    data = trace.data.assign(prediction=(("time", "batch", "class"), probabilities))
    return Trace.of(data.assign_coords({"class": list(classes)}))
