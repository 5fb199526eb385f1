"""The state that goes on from batch to batch: a tensor, or tensors in tuples and dicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor


def detached(carried: Any) -> Any:
    """The same state without its past: no gradient flows back through it."""
    return each_tensor(carried, Tensor.detach)


def each_tensor(carried: Any, change: Callable[[Tensor], Any]) -> Any:
    """The same structure with ``change`` of every tensor; lists become tuples.

    Raises TypeError for anything but tensors, None, and tuples, lists or dicts of them.
    """
    if carried is None:
        return None
    if isinstance(carried, Tensor):
        return change(carried)
    if isinstance(carried, Mapping):
        return {key: each_tensor(part, change) for key, part in carried.items()}
    if isinstance(carried, tuple | list):
        return tuple(each_tensor(part, change) for part in carried)
    raise TypeError(
        f"What is carried from batch to batch holds {type(carried).__name__}; expected tensors, "
        "or tuples and dicts of them."
    )


def flatten(carried: Any) -> tuple[tuple[Tensor, ...], Any]:
    """The tensors in their order, and plain JSON that says where each belongs."""
    tensors: list[Tensor] = []

    def number(tensor: Tensor) -> int:
        tensors.append(tensor)
        return len(tensors) - 1

    form = each_tensor(carried, number)
    return tuple(tensors), form


def unflatten(tensors: Sequence[Tensor], form: Any) -> Any:
    """The inverse of ``flatten``; ValueError where the two do not belong together."""
    used: list[int] = []

    def place(part: Any) -> Any:
        if part is None:
            return None
        if isinstance(part, int) and not isinstance(part, bool) and 0 <= part < len(tensors):
            used.append(part)
            return tensors[part]
        if isinstance(part, Mapping):
            return {key: place(inner) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return tuple(place(inner) for inner in part)
        raise ValueError(f"The carried state has no part {part!r}; start a new run.")

    made = place(form)
    if sorted(used) != list(range(len(tensors))):
        raise ValueError(
            f"The carried state has {len(tensors)} tensors and places for {len(used)}; "
            "start a new run."
        )
    return made
