"""All radii side by side against recordings of one network each, and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core import record
from core.gradients import decay_rate, jacobian_spectrum, lyapunov_exponents
from core.gradients.radius_sweep import radius_sweep, slope_at
from core.networks import Recurrent

UNITS, STEPS = 6, 14
ACTIVATIONS = ("tanh", "sigmoid", "relu", "elu", "identity")


def drawn(seed: int = 0, units: int = UNITS, steps: int = STEPS) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    recurrent = draw(units, units)
    recurrent /= torch.linalg.eigvals(recurrent).abs().max()
    return recurrent, draw(steps, units), draw(units)


def recorded(recurrent: torch.Tensor, drive: torch.Tensor, start: torch.Tensor, activation: str):
    """The same network as the project's own, one unit of input for each unit."""
    network = Recurrent("elman", len(recurrent), len(recurrent), activation=activation).double()
    with torch.no_grad():
        network.weight_hh_l0.copy_(recurrent)
        network.weight_ih_l0.copy_(torch.eye(len(recurrent)))
        network.bias_ih_l0.zero_()
        network.bias_hh_l0.zero_()
    (trace,) = record(network, (drive[:, None], start[None, None]), parts=True).values()
    return network, trace


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_radius_agrees_with_a_recording(activation: str) -> None:
    recurrent, drive, start = drawn()
    radii, gaps = (0.4, 1.0, 1.7), (0, 1, 5, STEPS - 1)
    found = radius_sweep(
        recurrent, drive, start, radii, activation=activation, gaps=gaps, count=UNITS, skip=3
    )
    for at, radius in enumerate(radii):
        network, trace = recorded(radius * recurrent, drive, start, activation)
        parts = trace["hidden_preactivation"].values[0, 0, :, 0]
        np.testing.assert_allclose(found.preactivation[at], parts, atol=1e-10)
        spectrum = jacobian_spectrum(trace, network).sel(gap=list(gaps))
        np.testing.assert_allclose(found.singular[at], spectrum, atol=1e-10, rtol=1e-8)
        if activation != "relu":  # a unit that is off wipes directions out: -inf or rounding noise
            exponents = lyapunov_exponents(trace, network, skip=3, seed=9)
            # all together they are the mean log volume, whatever directions they began with
            assert found.lyapunov[at].sum() == pytest.approx(float(exponents.sum()), abs=1e-8)


def test_the_exponents_are_those_of_a_long_recording() -> None:
    recurrent, drive, start = drawn(3, steps=400)
    found = radius_sweep(recurrent, drive, start, [0.7, 1.3], count=2, skip=100)
    for at, radius in enumerate((0.7, 1.3)):
        network, trace = recorded(radius * recurrent, drive, start, "tanh")
        expected = lyapunov_exponents(trace, network, count=2, skip=100, seed=5)
        np.testing.assert_allclose(found.lyapunov[at], expected, atol=2e-3)


def test_the_gradient_is_that_of_autograd() -> None:
    recurrent, drive, start = drawn(1)
    found = radius_sweep(recurrent, drive, start, [1.2], seed=4)
    loss = torch.randn(UNITS, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    states = [start.clone().requires_grad_()]
    for x in drive:
        states.append(torch.tanh(1.2 * recurrent @ states[-1] + x))
        states[-1].retain_grad()
    (states[-1] @ (loss / loss.norm())).backward()
    expected = [float(state.grad.norm()) for state in states[1:]]
    np.testing.assert_allclose(found.gradient[0], expected, rtol=1e-10)


@pytest.mark.parametrize("radius", [0.5, 1.5])
@pytest.mark.parametrize("seed", range(5))
def test_the_claim_holds_in_a_linear_network(radius: float, seed: int) -> None:
    """With spectral radius 0.5 and 1.5 the measured decay is within 10% of the predicted one."""
    recurrent, drive, start = drawn(seed, units=24, steps=60)
    sweep = radius_sweep(recurrent, drive, start, [radius], activation="identity", seed=seed)
    decay = decay_rate(sweep.gradient[0], radius * recurrent, skip=5)
    assert decay.predicted == pytest.approx(radius)
    assert decay.rate == pytest.approx(decay.predicted, rel=0.1)


def test_the_claim_fails_where_units_saturate() -> None:
    recurrent, drive, start = drawn(2, units=24, steps=60)
    sweep = radius_sweep(recurrent, drive, start, [1.5], activation="tanh")
    assert decay_rate(sweep.gradient[0], skip=5).rate < 1.1
    assert sweep.slope.mean() < 0.7


def test_slopes_against_finite_differences() -> None:
    a = torch.linspace(-3, 3, 31, dtype=torch.float64) + 0.01
    for name in ACTIVATIONS:
        phi = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu}.get(name)
        phi = phi or {"elu": torch.nn.functional.elu, "identity": lambda x: x}[name]
        expected = (phi(a + 1e-6) - phi(a - 1e-6)) / 2e-6
        np.testing.assert_allclose(slope_at(name, a), expected, atol=1e-8)


def test_what_does_not_fit_is_refused() -> None:
    recurrent, drive, start = drawn()
    with pytest.raises(ValueError, match=r"expected \(R, n, n\), \(T, n\) and \(n,\)"):
        radius_sweep(recurrent[:3], drive, start, [1.0])
    with pytest.raises(ValueError, match="1 to 6 exponents"):
        radius_sweep(recurrent, drive, start, [1.0], count=7)
    with pytest.raises(ValueError, match="expected 0 to 13"):
        radius_sweep(recurrent, drive, start, [1.0], gaps=[14])
    with pytest.raises(ValueError, match="Activation 'step'"):
        radius_sweep(recurrent, drive, start, [1.0], activation="step")
