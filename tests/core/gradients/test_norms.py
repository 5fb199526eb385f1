"""Gradient norms, how far they reach, and their decay."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import decay_rate, gradient_norms, horizon, is_growing, spectral_radius
from core.networks import Recurrent


def gradient_over_time(recurrent: torch.Tensor, steps: int, **options) -> np.ndarray:
    """Norms of dL/dh_t for a loss at the last step."""
    network = Recurrent("elman", 2, len(recurrent), **options).double()
    with torch.no_grad():
        network.weight_hh_l0.copy_(recurrent)
    inputs = torch.randn(steps, 1, 2, dtype=torch.float64)
    trace = record(network, inputs, loss=lambda out: out[0][-1].sum())[""]
    return gradient_norms(trace).isel(signal=0, layer=0, direction=0, batch=0).values


def test_norms_of_every_signal_layer_direction_and_sequence():
    torch.manual_seed(0)
    network = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
    trace = record(network, torch.randn(5, 2, 3), loss=lambda out: out[0].square().sum())[""]
    found = gradient_norms(trace)
    assert found.dims == ("signal", "layer", "direction", "time", "batch")
    assert found["signal"].values.tolist() == ["grad_hidden", "grad_cell"]
    one = trace["grad_cell"].values[1, 1, 3, 0]
    value = found.sel(signal="grad_cell", direction="backward").values[1, 3, 0]
    assert value == pytest.approx(float(np.sqrt((one.astype(float) ** 2).sum())))


def test_padding_stays_nan_and_a_loss_is_needed():
    network = nn.GRU(3, 4)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(5, 2, 3), torch.tensor([5, 3]))
    trace = record(network, packed, loss=lambda out: out[0].data.sum())[""]
    found = gradient_norms(trace).isel(signal=0, layer=0, direction=0)
    assert np.isnan(found.values[3:, 1]).all()
    assert np.isfinite(found.values[:, 0]).all()
    with pytest.raises(ValueError, match="record with a loss"):
        gradient_norms(record(network, torch.randn(4, 1, 3))[""])


@pytest.mark.parametrize(
    ("norms", "fraction", "expected"),
    [
        ([0.001, 0.005, 0.5, 1.0], 0.01, 2),
        ([0.001, 0.5, 0.005, 1.0], 0.01, 3),  # it comes back above once more
        ([0.005, 1.0], 0.01, 1),
        ([0.5, 0.5, 1.0], 0.01, None),
        ([9.0, 3.0, 1.0], 0.01, None),
        ([0.0, 0.0], 0.5, None),
        ([1.0], 0.5, None),
    ],
)
def test_horizon(norms, fraction, expected):
    assert horizon(norms, fraction) == expected


def test_horizon_refuses_what_has_no_answer():
    with pytest.raises(ValueError, match=r"fraction is 1\.5"):
        horizon([1.0, 2.0], 1.5)
    with pytest.raises(ValueError, match="without NaN"):
        horizon([np.nan, 1.0], 0.1)
    with pytest.raises(ValueError, match=r"shape \(1, 2\)"):
        horizon([[1.0, 2.0]], 0.1)


def test_is_growing():
    back = np.arange(20)[::-1]
    assert is_growing(1.1**back)
    assert not is_growing(0.9**back)
    assert not is_growing(np.ones(20))
    assert is_growing([np.inf, 2.0, 1.0])
    assert not is_growing([1.0])


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.5])
def test_the_decay_of_a_linear_network_is_its_spectral_radius(radius):
    torch.manual_seed(0)
    orthogonal = torch.linalg.qr(torch.randn(8, 8, dtype=torch.float64)).Q
    norms = gradient_over_time(radius * orthogonal, 30, activation="identity")
    found = decay_rate(norms, radius * orthogonal)
    assert found.rate == pytest.approx(radius, rel=1e-8)
    assert found.predicted == pytest.approx(radius, rel=1e-8)
    assert found.r_squared == pytest.approx(1)
    assert found.steps == 30


@pytest.mark.parametrize("radius", [0.5, 1.5])
@pytest.mark.parametrize("seed", range(5))
def test_measured_within_a_tenth_of_predicted_for_random_matrices(radius, seed):
    torch.manual_seed(seed)
    recurrent = torch.randn(64, 64, dtype=torch.float64)
    recurrent *= radius / spectral_radius(recurrent)
    norms = gradient_over_time(recurrent, 100, activation="identity")
    found = decay_rate(norms, recurrent)
    assert found.predicted == pytest.approx(radius)
    assert found.rate == pytest.approx(radius, rel=0.1)
    assert is_growing(norms) == (radius > 1)


def test_tanh_decays_faster_than_the_eigenvalues_say():
    torch.manual_seed(0)
    recurrent = torch.randn(64, 64, dtype=torch.float64)
    recurrent *= 1.5 / spectral_radius(recurrent)
    found = decay_rate(gradient_over_time(recurrent, 60), recurrent)
    assert found.rate < 0.8 * found.predicted


def test_decay_leaves_out_underflow_and_the_steps_to_skip():
    norms = np.array([0.0, 0.0, 0.125, 0.25, 0.5, 64.0])
    found = decay_rate(norms, skip=1)
    assert found.rate == pytest.approx(0.5)
    assert found.steps == 3
    assert found.predicted is None
    with pytest.raises(ValueError, match="1 of 3 norms"):
        decay_rate([0.0, 0.0, 1.0])


def test_fit_quality_tells_an_exponential_from_noise():
    noise = np.exp(np.random.default_rng(0).normal(size=200))
    assert decay_rate(noise).r_squared < 0.1
    assert decay_rate(noise * 0.5 ** np.arange(200)[::-1]).r_squared > 0.99
