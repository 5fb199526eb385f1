"""The GRU with its reset gate in either place, against numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core.cells import GRUCell
from core.networks import Recurrent, unroll
from tests.core.cells.test_step import INPUTS, UNITS, arguments, drawn


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def numpy_step(cell: GRUCell, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Each gate by itself, from the equations of Cho et al. and of torch's documentation."""
    W_r, W_z, W_n = np.split(cell.weight_ih.detach().numpy(), 3)
    U_r, U_z, U_n = np.split(cell.weight_hh.detach().numpy(), 3)
    zeros = np.zeros(3 * UNITS)
    b_i, b_h = (zeros if b is None else b.detach().numpy() for b in (cell.bias_ih, cell.bias_hh))
    (b_ir, b_iz, b_in), (b_hr, b_hz, b_hn) = np.split(b_i, 3), np.split(b_h, 3)
    r = sigmoid(x @ W_r.T + b_ir + h @ U_r.T + b_hr)
    z = sigmoid(x @ W_z.T + b_iz + h @ U_z.T + b_hz)
    if cell.reset_after:
        n = np.tanh(x @ W_n.T + b_in + r * (h @ U_n.T + b_hn))
    else:
        n = np.tanh(x @ W_n.T + b_in + (r * h) @ U_n.T + b_hn)
    return (1 - z) * n + z * h


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["gru", "gru-original"])
def test_a_sequence_against_the_formula(kind: str, seed: int, bias: bool) -> None:
    cell = drawn(kind, seed, bias=bias)
    _, (h0,) = arguments(cell, seed)
    xs = torch.randn(6, len(h0), INPUTS, dtype=torch.float64)
    run, h = unroll(cell, xs, (h0,)), h0.numpy()
    for x, output in zip(xs, run.outputs):
        h = numpy_step(cell, x.numpy(), h)
        np.testing.assert_allclose(output.detach(), h, rtol=0, atol=1e-13)


def test_the_two_places_of_the_reset_gate_differ() -> None:
    after, before = drawn("gru"), drawn("gru-original")
    x, state = arguments(after)
    assert (after(x, state).output - before(x, state).output).abs().max() > 1e-3


def test_they_agree_where_the_reset_gate_is_open() -> None:
    """With r = 1 both places are the same: rows of r have a huge bias."""
    after, before = drawn("gru"), drawn("gru-original")
    with torch.no_grad():
        for cell in (after, before):
            cell.bias_ih[:UNITS] = 1e3
    x, state = arguments(after)
    torch.testing.assert_close(after(x, state).output, before(x, state).output)


def test_an_update_gate_near_one_keeps_the_old_state() -> None:
    """torch's convention; several textbooks have it the other way round."""
    cell = drawn("gru")
    with torch.no_grad():
        cell.bias_ih[UNITS : 2 * UNITS] = 1e3
    x, (h,) = arguments(cell)
    torch.testing.assert_close(cell(x, (h,)).output, h)


def test_the_kind_tells_the_place() -> None:
    assert GRUCell(1, 1).kind == "gru"
    assert GRUCell(1, 1, reset_after=False).kind == "gru-original"


def test_the_original_has_torchs_parameters_too() -> None:
    fused, original = nn.GRU(INPUTS, UNITS), Recurrent("gru-original", INPUTS, UNITS)
    original.load_state_dict(fused.state_dict())
    fused.load_state_dict(original.state_dict())
