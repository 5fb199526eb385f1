"""How many bytes a value holds, as nearly as a bound on a cache needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

PLAIN = (str, bytes, bytearray, int, float, complex, bool, type(None))
LONG = (list, tuple, set, frozenset, dict)
SAMPLE = 1000
"""Of longer collections so many items are looked at, and the others taken for alike."""
NO_DATA = (type, ModuleType, BuiltinFunctionType)


def size_of(value: Any) -> int:
    """Bytes of a value with everything that it holds, each part counted once.

    Arrays, tensors and tables count with their numbers; a view counts with the array that it keeps
    alive, a function with what it closes over. Code is not counted. What is shared with other
    values is counted with each of them, so a sum over values is rather too large.
    """
    seen: dict[int, Any] = {}  # held, so that no other object takes an identity that was seen
    counted: set[int] = set()
    total = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, NO_DATA):
            continue
        seen[id(one)] = one
        if isinstance(one, PLAIN):
            total += sys.getsizeof(one)
        elif (numbers := _numbers(one)) is not None:
            place, count = numbers
            total += 0 if place in counted else count
            counted.add(place)
        elif isinstance(one, LONG) and len(one) > SAMPLE:
            some = _sample(one)
            items = size_of(some) - sys.getsizeof(some)
            total += sys.getsizeof(one) + items * len(one) // SAMPLE
        else:
            total += sys.getsizeof(one, 64)
            waiting.extend(_parts(one))
    return total


def _sample(value: Any) -> list[Any]:
    """Some of many items, evenly spaced: to look at a million takes a second."""
    items = list(value.items() if isinstance(value, dict) else value)
    return [items[place * len(items) // SAMPLE] for place in range(SAMPLE)]


def _numbers(value: Any) -> tuple[int, int] | None:
    """Where the numbers of an array, a tensor or a table are, and how many bytes."""
    if hasattr(value, "untyped_storage"):
        storage = value.untyped_storage()
        return storage.data_ptr(), storage.nbytes()
    if hasattr(value, "memory_usage") and hasattr(value, "columns"):  # a table of pandas
        return id(value), int(value.memory_usage(deep=True).sum())
    if not isinstance(value, np.ndarray) or value.dtype == object:
        return None
    while isinstance(value.base, np.ndarray):
        value = value.base
    return value.__array_interface__["data"][0], value.nbytes


def _parts(value: Any) -> Iterable[Any]:
    """What a value is made of."""
    if hasattr(value, "to_plotly_json"):
        return [value.to_plotly_json()]  # a figure: its validators belong to all figures
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, np.ndarray):
        return value.tolist()  # of objects
    if hasattr(value, "variables") and hasattr(value, "dims"):  # xarray
        return [variable.values for variable in value.variables.values()]
    if isinstance(value, FunctionType):
        return [cell.cell_contents for cell in value.__closure__ or ()]
    slots = (getattr(value, name, None) for kind in type(value).__mro__ for name in _slots(kind))
    return [*getattr(value, "__dict__", {}).values(), *slots]


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
