"""Sizes of values, against their numbers and against what the process takes for them."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import torch
import xarray as xr

from core import Trace
from explorer.sizes import size_of

NUMBERS = 100_000
BYTES = 8 * NUMBERS


@dataclass(frozen=True)
class Held:
    rows: np.ndarray
    more: object = None


@dataclass(slots=True)
class Slotted:
    rows: np.ndarray


def numbers() -> np.ndarray:
    return np.random.default_rng(0).normal(size=NUMBERS)


@pytest.mark.parametrize(
    "value",
    [
        numbers(),
        numbers()[:3],
        [numbers()[:3]],
        {"rows": numbers()},
        Held(numbers()),
        Slotted(numbers()),
        torch.zeros(NUMBERS, dtype=torch.float64)[5:],
        torch.nn.Linear(NUMBERS, 1, bias=False, dtype=torch.float64),
        xr.Dataset({"hidden": ("time", numbers())}),
        Trace.of(xr.Dataset({"hidden": ("time", numbers())})),
        pd.DataFrame({"hidden": numbers()}),
        numbers().tobytes(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_count_wherever_they_are_held(value: object) -> None:
    assert BYTES <= size_of(value) < 1.05 * BYTES


def test_what_is_held_twice_counts_once() -> None:
    rows = numbers()
    assert size_of([rows, rows[::2], rows.T, {"again": rows}]) < 1.05 * BYTES
    loop: list[object] = [rows]
    loop.append(loop)
    assert size_of(loop) < 1.05 * BYTES


def test_texts_and_figures_count() -> None:
    assert size_of(["a" * 1000, "b" * 1000]) > 2000
    assert size_of(Held(np.zeros(1), more="c" * 5000)) > 5000
    assert size_of(go.Figure(go.Scatter(y=numbers()))) > BYTES


def test_a_long_collection_is_estimated_from_a_sample() -> None:
    words = [str(number) for number in range(50_000)]
    real = sum(map(sys.getsizeof, words)) + sys.getsizeof(words)
    assert size_of(words) == pytest.approx(real, rel=0.02)
    pairs = dict.fromkeys(words, 1.5)
    assert size_of(pairs) > real
