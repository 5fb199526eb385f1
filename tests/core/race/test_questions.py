"""The two questions: the cells differ in one function, and show what the page says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.cells import make_cell
from core.race.questions import INPUTS, STEPS, UNITS, life


def test_a_life_is_that_of_torchs_cell() -> None:
    found = life("lstm", forget_bias=0.5, seed=4)
    torch.manual_seed(4)
    ours = make_cell("lstm", INPUTS, UNITS).double()
    cell = torch.nn.LSTMCell(INPUTS, UNITS).double()
    inputs = torch.randn(1)  # torch's cell drew weights of its own in between
    torch.manual_seed(4)
    make_cell("lstm", INPUTS, UNITS)
    inputs = torch.randn(STEPS, 1, INPUTS, dtype=torch.float64)
    cell.load_state_dict(ours.state_dict())
    with torch.no_grad():
        cell.bias_hh[UNITS : 2 * UNITS] += 0.5
        state = None
        for step in range(STEPS):
            state = cell(inputs[step], state)
            np.testing.assert_allclose(found.cell[step], state[1][0].numpy(), atol=1e-12)


def test_a_sigmoid_forgets_and_a_relu_multiplies() -> None:
    plain, other = life("lstm"), life("lstm-relu-gates")
    assert plain.forget.max() < 1 < other.forget.max()
    assert plain.shut == 0 < other.shut
    np.testing.assert_allclose(plain.kept, np.median(np.cumprod(plain.forget, 0), axis=1))
    assert plain.kept[-1] < 1e-6
    assert np.abs(plain.cell).max() < 5
    assert np.abs(other.cell).max() > 1e3


def test_a_sigmoid_candidate_never_takes_back() -> None:
    plain, other = life("lstm"), life("lstm-sigmoid-candidate")
    assert plain.lowest.min() < 0 < plain.highest.max()
    assert other.lowest.min() > 0
    np.testing.assert_array_equal(other.lowest, other.cell.min(1))


def test_the_scale_multiplies_all_weights() -> None:
    assert life("lstm", scale=0.0, forget_bias=0).forget == pytest.approx(0.5)
    with pytest.raises(ValueError, match="four gates"):
        life("gru")
    with pytest.raises(ValueError, match="four gates"):
        life("lstm-1997")
