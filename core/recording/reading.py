"""A model reading a text: the recording, what it expected next, and how wrong it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks.model_file import TextModel
from core.networks.vocabulary import Vocabulary
from core.recording.recorder import record
from core.recording.trace import Trace

LossAt = Literal["last", "every"]
LOSSES: tuple[LossAt, ...] = ("last", "every")


def read_text(
    text_model: TextModel, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
) -> Trace:
    r"""Record ``text_model`` while it reads ``text``, one character a step.

    Besides what ``record`` gives, the trace holds ``prediction`` (time, batch, class), the
    probability of every next character after each step; the classes are the coordinate
    ``class``. The loss is the cross-entropy :math:`-\log p` of the character that follows, at
    the last step or averaged over every step. What follows the last step is not known, so
    there the target is the network's own first guess; a character that the model does not
    know cannot be a target and is left out.

    Raises ValueError for an empty text.
    """
    return read_next(
        text_model.model,
        text_model.encode(text),
        list(text),
        text_model.vocabulary,
        loss_at=loss_at,
        parts=parts,
        settings={"model": text_model.name, "seed": text_model.info.get("seed")},
    )


def read_next(
    model: nn.Module,
    ids: Tensor,
    tokens: Sequence[str],
    vocabulary: Vocabulary,
    *,
    loss_at: LossAt | None = "last",
    parts: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> Trace:
    """Record any ``model`` that predicts the next token while it reads ``ids`` (time, 1).

    ``model(ids)`` gives logits (time, 1, class) first, with the classes of ``vocabulary``, and
    runs one recurrent module. Loss and prediction are those of ``read_text``.
    """
    kept: list[Tensor] = []

    def loss(output: tuple[Tensor, object]) -> Tensor:
        logits = output[0]
        targets = following(ids, logits)
        kept.append(logits.detach())
        if loss_at == "last":
            return functional.cross_entropy(logits[-1], targets[-1])
        return functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=len(vocabulary)
        )

    (trace,) = record(
        model,
        ids,
        loss=loss if loss_at else None,
        parts=parts,
        tokens=list(tokens),
        settings={"loss_at": loss_at or "none", "predicts": "next", **(settings or {})},
    ).values()
    if not kept:
        with torch.no_grad():
            kept.append(model(ids)[0])
    probabilities = torch.softmax(kept[0], dim=-1).cpu().numpy()
    data = trace.data.assign(prediction=(("time", "batch", "class"), probabilities))
    return Trace.of(data.assign_coords({"class": list(vocabulary.tokens)}))


def following(ids: Tensor, logits: Tensor) -> Tensor:
    """The id that follows each step (time, batch); after the last, the model's first guess."""
    return torch.cat((ids[1:], logits[-1:].argmax(dim=-1)))
