"""Singular values and Lyapunov exponents against Jacobians by autograd and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import jacobian_spectrum, lyapunov_exponents, spectral_radius
from core.networks import Recurrent
from tests.core.gradients.examples import ALL_KINDS, Example, example


def jacobian(case: Example, at: int, k: int) -> np.ndarray:
    """ds_t/ds_k of the whole state, from one nudged reading on."""
    cell, sizes = case.network.cells[0][0], case.network.cells[0][0].state_sizes
    state = cell.initial_state(case.inputs.shape[1])
    for x in case.inputs[: k + 1]:
        state = cell(x, state).state
    start = torch.cat([part[0] for part in state]).detach()

    def read_on(joined: torch.Tensor) -> torch.Tensor:
        parts = tuple(part[None] for part in joined.split(sizes))
        for x in case.inputs[k + 1 : at + 1]:
            parts = cell(x[:1], parts).state
        return torch.cat(parts, dim=-1)[0]

    return torch.autograd.functional.jacobian(read_on, start).numpy()


def linear(recurrent: torch.Tensor, steps: int = 40, seed: int = 0) -> tuple[Recurrent, object]:
    torch.manual_seed(seed)
    network = Recurrent("elman", 2, len(recurrent), activation="identity").double()
    with torch.no_grad():
        network.weight_hh_l0.copy_(recurrent)
    return network, record(network, torch.randn(steps, 1, 2, dtype=torch.float64))[""]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_the_whole_state_against_autograd(kind):
    case = example(kind)
    found = jacobian_spectrum(case.trace, case.network, at=5)
    assert found["time"].values.tolist() == [5, 4, 3, 2, 1, 0]
    for gap in (0, 1, 4):
        expected = np.linalg.svd(jacobian(case, 5, 5 - gap), compute_uv=False)
        np.testing.assert_allclose(found.sel(gap=gap), expected, atol=1e-10)


def test_one_part_of_the_state_as_a_total_derivative():
    case = example("lstm")
    units = case.network.hidden_size
    for gap in (1, 3):
        whole = jacobian(case, 6, 6 - gap)
        o = case.trace["output_gate"].values[0, 0, 6 - gap, 0]
        c = case.trace["cell"].values[0, 0, 6 - gap, 0]
        shown = np.diag(o * (1 - np.tanh(c) ** 2))
        expected = {
            "hidden": whole[:units, :units],
            "cell": whole[units:, units:] + whole[units:, :units] @ shown,
        }
        for state, matrix in expected.items():
            found = jacobian_spectrum(case.trace, case.network, state=state).sel(gap=gap)
            singular = np.linalg.svd(matrix, compute_uv=False)
            np.testing.assert_allclose(found, singular, atol=1e-10)


def test_the_backward_direction_reads_from_the_end():
    case = example("gru", bidirectional=True, batch=1)
    flipped = example("gru", bidirectional=True, batch=1)
    cell = flipped.network.cells[0][1]
    alone = Recurrent("gru", 3, 4).double()
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            getattr(alone, f"{name}_l0").copy_(parameter)
    mirrored = record(alone, case.inputs.flip(0))[""]
    found = jacobian_spectrum(case.trace, case.network, at=0, direction=1)
    np.testing.assert_allclose(found, jacobian_spectrum(mirrored, alone), atol=1e-12)
    assert found["time"].values.tolist() == list(range(7))


def test_a_linear_network_takes_the_powers_of_its_matrix():
    torch.manual_seed(1)
    recurrent = torch.randn(5, 5, dtype=torch.float64) / 2
    network, trace = linear(recurrent)
    found = jacobian_spectrum(trace, network)
    for gap in (1, 7, 30):
        power = np.linalg.matrix_power(recurrent.numpy(), gap)
        expected = np.linalg.svd(power, compute_uv=False)
        np.testing.assert_allclose(found.sel(gap=gap), expected, atol=1e-13 * expected[0])


def test_an_orthogonal_matrix_neither_stretches_nor_shrinks():
    orthogonal = torch.linalg.qr(torch.randn(6, 6, dtype=torch.float64)).Q
    network, trace = linear(orthogonal)
    np.testing.assert_allclose(jacobian_spectrum(trace, network), 1, atol=1e-10)
    np.testing.assert_allclose(lyapunov_exponents(trace, network), 0, atol=1e-10)


def test_the_exponents_of_a_linear_network_are_the_logs_of_its_eigenvalues():
    torch.manual_seed(2)
    basis = torch.randn(5, 5, dtype=torch.float64)
    eigenvalues = torch.tensor([1.3, -0.9, 0.5, 0.2, 0.05], dtype=torch.float64)
    network, trace = linear(basis @ eigenvalues.diag() @ torch.linalg.inv(basis), steps=300)
    found = lyapunov_exponents(trace, network, skip=100)
    np.testing.assert_allclose(found, eigenvalues.abs().log(), atol=1e-8)
    first = lyapunov_exponents(trace, network, count=2, skip=100)
    np.testing.assert_allclose(first, found[:2], atol=1e-8)


@pytest.mark.parametrize("kind", ["elman", "lstm", "gru", "mgu"])
def test_all_exponents_together_are_the_mean_log_volume(kind):
    case = example(kind, batch=1)
    found = lyapunov_exponents(case.trace, case.network)
    cell = case.network.cells[0][0]
    volume, state = 0.0, cell.initial_state(1)
    for x in case.inputs:
        start = torch.cat(state, dim=-1)[0].detach()

        def one_step(joined: torch.Tensor, x=x) -> torch.Tensor:
            parts = tuple(part[None] for part in joined.split(cell.state_sizes))
            return torch.cat(cell(x, parts).state, dim=-1)[0]

        volume += torch.linalg.slogdet(torch.autograd.functional.jacobian(one_step, start))[1]
        state = cell(x, state).state
    assert float(found.sum()) == pytest.approx(float(volume) / len(case.inputs), abs=1e-10)
    assert (np.diff(found) <= 0).all()


def test_a_chaotic_network_has_a_positive_exponent_and_a_contracting_one_none():
    torch.manual_seed(0)
    network = nn.RNN(1, 60, bias=False).double()
    for gain, grows in ((3.0, True), (0.5, False)):
        with torch.no_grad():
            network.weight_hh_l0.copy_(gain * torch.randn(60, 60) / 60**0.5)
            network.weight_ih_l0.mul_(0)
        start = torch.randn(1, 1, 60, dtype=torch.float64)
        trace = record(network, (torch.zeros(200, 1, 1, dtype=torch.float64), start))[""]
        first = float(lyapunov_exponents(trace, network, count=1, skip=50)[0])
        assert (first > 0) == grows


def test_spectral_radius():
    turn = np.array([[0.0, -2.0], [2.0, 0.0]])  # eigenvalues ±2i
    assert spectral_radius(turn) == pytest.approx(2)


def test_what_the_recording_does_not_have_is_refused():
    case = example("gru")
    with pytest.raises(ValueError, match="a gru has hidden"):
        jacobian_spectrum(case.trace, case.network, state="cell")
    with pytest.raises(ValueError, match="1 to 4 exponents"):
        lyapunov_exponents(case.trace, case.network, count=5)
    with pytest.raises(ValueError, match="0 to 6 steps"):
        lyapunov_exponents(case.trace, case.network, skip=7)
    with pytest.raises(ValueError, match="layer is 1"):
        jacobian_spectrum(case.trace, case.network, layer=1)
