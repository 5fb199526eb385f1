"""Element-wise work on many small pieces, without torch's price of a call.

A loop over time is nothing but calls, and on the CPU numpy's cost a third of torch's (its tanh
a sixth). Both libraries name these functions alike (``ops.multiply(a, b, out=c)``), so such
work is written once.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import torch
from torch import Tensor

NUMPY_TYPES = (torch.float32, torch.float64)
quiet = np.errstate(over="ignore", invalid="ignore")  # torch does not warn of infinities either


def elementwise(*tensors: Tensor) -> tuple[ModuleType, list]:
    """numpy and arrays over the same memory where it can hold the tensors, else torch and them."""
    if all(tensor.is_cpu and tensor.dtype in NUMPY_TYPES for tensor in tensors):
        return np, [tensor.numpy() for tensor in tensors]
    return torch, list(tensors)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    ops, (values,) = elementwise(x)
    return torch.as_tensor(ops.tanh(values))


@quiet
def furthest(a: Tensor, b: Tensor) -> float:
    """The largest difference between two tensors; infinity where there is one that is NaN."""
    ops, (x, y) = elementwise(a, b)
    value = float(ops.abs(x - y).max())
    return value if value == value else float("inf")
