"""The gradients that reach chosen tensors in whatever backward pass is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge
from torch.nn.utils.rnn import PackedSequence


@dataclass
class Watched:
    """One tensor that is watched, and the sum of the gradients that reached it.

    The edge is where the tensor stands in the graph now; the tensor itself may be changed in
    place later, which moves it to another place.
    """

    like: Tensor
    edge: GradientEdge
    found: Tensor | None = None

    @property
    def gradient(self) -> Tensor:
        """What reached it, or zeros."""
        return torch.zeros_like(self.like) if self.found is None else self.found

    def note(self, gradient: Tensor) -> None:
        """One more backward pass came by."""
        gradient = gradient.detach()
        self.found = gradient if self.found is None else self.found + gradient


@dataclass
class GradientWatch:
    """Everything watched in one recording."""

    watched: list[Watched] = field(default_factory=list)

    def add(self, tensor: Tensor) -> Watched:
        """Watch ``tensor``, which must require grad."""
        entry = Watched(tensor.detach(), get_gradient_edge(tensor))
        tensor.register_hook(entry.note)
        self.watched.append(entry)
        return entry

    @property
    def reached(self) -> bool:
        """Whether a backward pass came by at all."""
        return any(entry.found is not None for entry in self.watched)

    def differentiate(self, loss: Tensor) -> None:
        """Collect the gradients of ``loss`` without touching any parameter's ``.grad``.

        Raises ValueError where the loss depends on nothing that is watched.
        """
        edges = [entry.edge for entry in self.watched]
        reached: tuple[Tensor | None, ...] = ()
        if loss.requires_grad and edges:
            reached = torch.autograd.grad(loss, edges, allow_unused=True)
        if all(gradient is None for gradient in reached):
            raise ValueError(
                "The loss does not depend on any recurrent module through differentiable "
                "operations; check for .detach(), .item(), argmax or torch.no_grad() in the "
                "model or the loss, or record without a loss."
            )


def onward(tensor: Tensor) -> Tensor:
    """A copy for the model to go on with and to change in place as it likes.

    It requires grad even where the weights are frozen.
    """
    known = tensor if tensor.requires_grad else tensor.detach().requires_grad_()
    return known.clone()


def each_tensor(output, change: Callable[[Tensor], Tensor]):
    """What a recurrent module returned, with every tensor changed."""
    if isinstance(output, Tensor):
        return change(output)
    if isinstance(output, PackedSequence):
        return PackedSequence(change(output.data), *output[1:])
    return tuple(each_tensor(part, change) for part in output)


def tensors_in(output) -> list[Tensor]:
    """The tensors that a recurrent module returned, in order."""
    found: list[Tensor] = []
    each_tensor(output, lambda tensor: found.append(tensor) or tensor)
    return found
