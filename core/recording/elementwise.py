"""Element-wise work on many small pieces, without torch's price of a call.

A loop over time is nothing but calls, and on the CPU numpy's cost a third of torch's (its tanh
a sixth). Both are reached by the same names here, so such work is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor


class Operations(NamedTuple):
    """What one library does to its arrays; ``multiply`` and ``add`` write into the third."""

    multiply: Callable[[Any, Any, Any], Any]
    add: Callable[[Any, Any, Any], Any]
    tanh: Callable[[Any], Any]
    abs: Callable[[Any], Any]


NUMPY = Operations(np.multiply, np.add, np.tanh, np.abs)
TORCH = Operations(
    lambda a, b, out: torch.mul(a, b, out=out),
    lambda a, b, out: torch.add(a, b, out=out),
    torch.tanh,
    torch.abs,
)
NEARLY_TOO_LARGE = 2.0**-8
"""Of the largest number: where sums may overflow in one order and not in another."""
NUMPY_TYPES = (torch.float32, torch.float64)
quiet = np.errstate(over="ignore", invalid="ignore")  # torch does not warn of infinities either


def elementwise(*tensors: Tensor) -> tuple[Operations, list]:
    """numpy and arrays over the same memory where it can hold the tensors, else torch and them."""
    for tensor in tensors:
        if not (tensor.is_cpu and tensor.dtype in NUMPY_TYPES):
            return TORCH, list(tensors)
    return NUMPY, [tensor.numpy() for tensor in tensors]


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    ops, (values,) = elementwise(x)
    return torch.as_tensor(ops.tanh(values))


def furthest(a: Tensor, b: Tensor) -> float:
    """The largest difference between two tensors.

    NaN is no difference from NaN, nor is infinity from infinity or from a number that is nearly
    too large; NaN is infinitely far from anything else.
    """
    ops, (x, y) = elementwise(a, b)
    with np.errstate(over="ignore", invalid="ignore"):
        value = float(ops.abs(x - y).max())
    return value if value < float("inf") else _furthest_of_any(a, b)


def largest_size(x: Tensor) -> float:
    """The largest absolute value; infinity counts as ``NEARLY_TOO_LARGE``, NaN as nothing."""
    return float(_within_range(x).abs().nan_to_num(0.0).max())


def _furthest_of_any(a: Tensor, b: Tensor) -> float:
    if (a.isnan() != b.isnan()).any():
        return float("inf")
    return float((_within_range(a) - _within_range(b)).abs().nan_to_num(0.0).max())


def _within_range(x: Tensor) -> Tensor:
    most = torch.finfo(x.dtype).max * NEARLY_TOO_LARGE
    return x.clamp(-most, most)
