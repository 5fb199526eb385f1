"""The LSTM cell against numpy, gate by gate."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.core.cells.test_step import UNITS, arguments, drawn


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


@pytest.mark.parametrize("seed", range(5))
def test_against_the_formula(seed: int) -> None:
    cell = drawn("lstm", seed)
    x, (h, c) = arguments(cell, seed)
    p = {name: np.split(value.detach().numpy(), 4) for name, value in cell.named_parameters()}
    a = [
        x.numpy() @ W.T + h.numpy() @ U.T + b_i + b_h
        for W, U, b_i, b_h in zip(p["weight_ih"], p["weight_hh"], p["bias_ih"], p["bias_hh"])
    ]
    i, f, g, o = sigmoid(a[0]), sigmoid(a[1]), np.tanh(a[2]), sigmoid(a[3])
    cell_state = f * c.numpy() + i * g
    wanted = {
        "input_gate": i,
        "forget_gate": f,
        "candidate": g,
        "output_gate": o,
        "cell": cell_state,
        "hidden": o * np.tanh(cell_state),
    }
    signals = cell(x, (h, c)).signals
    for name, expected in wanted.items():
        np.testing.assert_allclose(signals[name].detach(), expected, rtol=0, atol=1e-13)


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_cell_state() -> None:
    cell = drawn("lstm")
    with torch.no_grad():
        cell.bias_ih[:UNITS], cell.bias_ih[UNITS : 2 * UNITS] = -1e3, 1e3
    x, (h, c) = arguments(cell)
    torch.testing.assert_close(cell(x, (h, c)).state[1], c)
