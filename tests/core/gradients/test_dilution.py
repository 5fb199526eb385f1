"""Influence and recoverability of the first input, against closed forms and autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from core.cells import Cell, ElmanCell, GRUCell, LSTMCell
from core.gradients.dilution import first_input_left, held_out_r2, memory_curve

ASKED = (1, 5, 8, 12, 30)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def elman(recurrent: Tensor, reads: Tensor, activation: str = "identity") -> Cell:
    cell = ElmanCell(reads.shape[1], len(recurrent), bias=False, activation=activation).double()
    cell.load_state_dict({"weight_hh": recurrent, "weight_ih": reads})
    return cell


def orthogonal(units: int, seed: int = 0) -> Tensor:
    return torch.linalg.qr(random(units, units, seed=seed)).Q


def test_an_orthogonal_linear_network_keeps_the_influence_and_dilutes_the_input() -> None:
    """24 units, 51 steps: the derivative stays 1; R² falls from 1.00 to 0.017, as 1/t does."""
    cell = elman(orthogonal(24), torch.eye(24, dtype=torch.float64))
    inputs = 0.5 * random(51, 12_500, 24, seed=1)
    found = first_input_left(cell, inputs, 0.1 * random(24), fitted=10_000, asked=(1, 2, 10, 51))
    assert found.steps.tolist() == [1, 2, 10, 51]
    np.testing.assert_allclose(found.influence, 1, atol=1e-12)
    assert found.recovered[0] == pytest.approx(1, abs=1e-12)
    assert found.recovered[-1] == pytest.approx(0.017, abs=0.0015)
    # (1 - R²)(1 + 25/10000) is the error to expect of a reader with 25 numbers
    expected = 1 - (1 - 1 / found.steps) * (1 + 25 / 10_000)
    np.testing.assert_allclose(found.recovered, expected, atol=0.005)


def test_a_linear_network_keeps_what_its_closed_form_says() -> None:
    """One input a step, a matrix that is far from orthogonal: Jaeger's memory curve."""
    recurrent, reads = random(6, 6, seed=2), random(6, 1, seed=3)
    recurrent *= 0.95 / torch.linalg.eigvals(recurrent).abs().max()
    inputs = random(30, 40_000, 1, seed=4)
    found = first_input_left(
        elman(recurrent, reads), inputs, random(6), fitted=30_000, asked=ASKED, followed=2
    )
    # the first of t inputs is the one that was read t - 1 steps ago
    expected = [memory_curve(recurrent, reads, steps)[-1] for steps in ASKED]
    np.testing.assert_allclose(found.recovered, expected, atol=0.01)
    assert 0.05 < found.recovered[2] < 0.95  # a setting in which neither is trivial


@pytest.mark.parametrize("inputs", [1, 3])
def test_a_state_of_n_numbers_holds_no_more_than_n_numbers(inputs: int) -> None:
    recurrent, reads = 0.4 * random(5, 5, seed=5), random(5, inputs, seed=6)
    kept = memory_curve(recurrent, reads, 60)
    assert kept.sum() * inputs == pytest.approx(5, abs=1e-6)
    assert ((kept >= 0) & (kept <= 1 + 1e-9)).all()


def test_the_closed_form_is_a_regression_on_exact_moments() -> None:
    """Cov(x, h) Cov(h)⁻¹ Cov(h, x), entry by entry, for the inputs of every step at once."""
    recurrent, reads, steps = 0.6 * random(4, 4, seed=7), random(4, 2, seed=8), 7
    columns = [torch.linalg.matrix_power(recurrent, steps - 1 - t) @ reads for t in range(steps)]
    whole = torch.cat(columns, dim=1)  # h_T = whole @ all inputs
    explained = (whole.T @ torch.linalg.inv(whole @ whole.T) @ whole).diagonal()
    expected = explained.unflatten(0, (steps, 2)).mean(1).flip(0)
    np.testing.assert_allclose(memory_curve(recurrent, reads, steps), expected, atol=1e-9)


@pytest.mark.parametrize("make", [ElmanCell, GRUCell])
def test_the_influence_is_what_autograd_finds(make: type[Cell]) -> None:
    torch.manual_seed(0)
    cell = make(3, 4).double()
    inputs, start = random(6, 20, 3, seed=1), random(4)
    found = first_input_left(cell, inputs, start, fitted=15, followed=5)
    for t in range(1, 7):
        squares = []
        for sequence in range(5):

            def after(h: Tensor, sequence: int = sequence, t: int = t) -> Tensor:
                for x in inputs[1:t, sequence]:
                    h = cell(x[None], (h[None],)).output[0]
                return h

            h1 = cell(inputs[0, sequence][None], (start[None],)).output[0].detach()
            jacobian = torch.autograd.functional.jacobian(after, h1)
            squares.append(float((jacobian**2).sum()) / 4)
        assert found.influence[t - 1] == pytest.approx(np.mean(squares) ** 0.5, rel=1e-9)


def test_a_shut_gate_keeps_what_a_linear_network_dilutes() -> None:
    torch.manual_seed(0)
    cell = GRUCell(2, 2, bias=True).double()
    with torch.no_grad():
        cell.weight_ih.zero_()
        cell.weight_hh.zero_()
        cell.bias_ih.zero_()
        cell.bias_hh.zero_()
        cell.weight_ih[4:] = 0.1 * torch.eye(2)  # the candidate reads the input
        cell.bias_ih[2:4] = 20.0  # the update gate keeps
    start, inputs = torch.zeros(2, dtype=torch.float64), random(20, 600, 2, seed=3)
    found = first_input_left(cell, inputs, start, fitted=500)
    assert (found.influence > 1 - 1e-6).all()
    with torch.no_grad():
        cell.bias_ih[2:4] = 0.0  # half open to every input
    half = first_input_left(cell, inputs, start, fitted=500)
    np.testing.assert_allclose(half.influence, 0.5 ** np.arange(20), rtol=1e-9)
    assert half.recovered[0] > 0.99 > 0.1 > half.recovered[-1]


def test_a_target_is_read_back_with_all_its_columns() -> None:
    states = random(400, 3, seed=4)
    target = torch.stack((states @ random(3, seed=5), random(400, seed=6)), dim=1)
    assert held_out_r2(states, target[:, :1], 300) == pytest.approx(1, abs=1e-12)
    both, noise = held_out_r2(states, target, 300), held_out_r2(states, target[:, 1:], 300)
    assert noise < 0.05 < both < 1


def test_what_cannot_be_asked_is_refused() -> None:
    inputs, start = random(5, 40, 3), random(4)
    cell = ElmanCell(3, 4).double()
    with pytest.raises(ValueError, match="hands on hidden, cell; expected a cell with one state"):
        first_input_left(LSTMCell(3, 4).double(), inputs, start, fitted=30)
    with pytest.raises(ValueError, match="fitted is 40; expected more than the 5 numbers"):
        first_input_left(cell, inputs, start, fitted=40)
    with pytest.raises(ValueError, match=r"asked is \[6\]; expected steps from 1 to the 5"):
        first_input_left(cell, inputs, start, fitted=30, asked=[6])
    with pytest.raises(ValueError, match="the same in every sequence"):
        first_input_left(cell, torch.zeros_like(inputs), start, fitted=30)
