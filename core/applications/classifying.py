"""What applications with one answer a sequence have in common: probabilities and recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.applications.application import LossAt
from core.networks.architecture import Architecture
from core.networks.reader import Convolution, Ends, Reader, run_layers
from core.recording import Trace, record


@dataclass(frozen=True)
class Verdict:
    """One answer.

    label: the class with the largest probability. probabilities: of every class, in the order
    of ``labels``. after: the same after every step, (step, class); of a network without a state
    the one answer alone, (1, class).
    """

    label: str
    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    after: np.ndarray


def classifier(
    architecture: Architecture, ends: Ends, cells: Sequence[str], name: str
) -> Reader | Convolution:
    """A network with one answer a sequence.

    Raises ValueError for a cell that ``name`` has no use for.
    """
    if architecture.cell not in cells:
        raise ValueError(
            f"{name} cannot use the cell {architecture.cell!r}; choose one of {', '.join(cells)}."
        )
    if architecture.cell == "convolution":
        return Convolution(architecture, ends)
    return Reader(architecture, ends)


class AfterEveryStep(nn.Module):
    """A recurrent ``Reader`` asked after every step: logits (time, batch, class).

    Of a network that reads in both directions the answer after step t is made of what the
    forward direction has read until t and of everything that the backward one has read, so
    that the last is the network's own answer. The layers are those of ``model``, not copies.
    """

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.encoder, self.rnn, self.read_out = model.encoder, model.rnn, model.read_out
        both = model.architecture.bidirectional and not model.ends.each_step
        self.backward_from = model.architecture.hidden_size if both else None

    def forward(self, inputs: Tensor) -> Tensor:
        outputs, _ = run_layers(self.rnn, self.encoder(inputs), None, None)
        if self.backward_from is not None:
            half = outputs[0, :, self.backward_from :].expand(len(outputs), -1, -1)
            outputs = torch.cat((outputs[..., : self.backward_from], half), dim=-1)
        if self.read_out is not None:
            return self.read_out(outputs)
        return outputs.clamp_min(torch.finfo(outputs.dtype).tiny).log()  # a Jordan network's own


def has_state(model: nn.Module) -> TypeGuard[Reader]:
    """Whether a network can be asked on the way."""
    return isinstance(model, Reader)


@torch.no_grad()
def probabilities_of(model: nn.Module, inputs: Tensor) -> np.ndarray:
    """The probabilities that are answered to one sequence on the way, (step, class), the answer
    itself last; it is alone for a network without a state. In eval mode; the mode is kept."""
    training = model.training
    model.eval()
    logits = AfterEveryStep(model)(inputs)[:, 0] if has_state(model) else model(inputs)[0]
    model.train(training)
    return torch.softmax(logits, dim=-1).cpu().numpy()


def verdict(model: nn.Module, inputs: Tensor, labels: Sequence[str]) -> Verdict:
    """The answer of ``model`` to one sequence."""
    after = probabilities_of(model, inputs)
    shares = tuple(map(float, after[-1]))
    return Verdict(labels[int(after[-1].argmax())], tuple(labels), shares, after)


def record_verdict(
    model: nn.Module,
    inputs: Tensor,
    labels: Sequence[str],
    tokens: Sequence[str],
    *,
    name: str,
    target: int | None,
    loss_at: LossAt | None,
    parts: bool,
) -> dict[str, Trace]:
    """Recordings with the probabilities of the classes after every step.

    target: the right class, or None for the network's own answer. The loss is the
    cross-entropy of the last answer, or its mean over those of every step ("every").
    Empty for a network without a state.
    """
    if not has_state(model):
        return {}
    kept: list[Tensor] = []

    def loss(logits: Tensor) -> Tensor:
        kept.append(logits.detach())
        truth = logits[-1].detach().argmax(-1) if target is None else torch.tensor([target])
        if loss_at == "last":
            return functional.cross_entropy(logits[-1], truth)
        return functional.cross_entropy(logits.flatten(0, 1), truth.repeat(len(logits)))

    asked = AfterEveryStep(model)
    (trace,) = record(
        asked,
        inputs,
        loss=loss if loss_at else None,
        parts=parts,
        tokens=list(tokens),
        settings={"model": name, "predicts": "here", "loss_at": loss_at or "none"},
    ).values()
    if not kept:
        with torch.no_grad():
            kept.append(asked(inputs))
    shares = torch.softmax(kept[0], dim=-1).cpu().numpy()
    data = trace.data.assign(prediction=(("time", "batch", "class"), shares))
    return {"rnn": Trace.of(data.assign_coords({"class": list(labels)}))}
