"""What is left of a disturbance, against the Jacobians and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core import record
from core.gradients import half_life, jacobian_spectrum, recall
from core.networks import Recurrent
from tests.core.gradients.examples import ALL_KINDS, example


def gate_held_at(f: float, units: int = 4) -> Recurrent:
    """An LSTM whose forget gates are f whatever it reads, and whose units do not talk."""
    torch.manual_seed(0)
    network = Recurrent("lstm", 3, units).double()
    with torch.no_grad():
        network.weight_hh_l0.zero_()
        network.weight_ih_l0[units : 2 * units] = 0
        network.bias_hh_l0[units : 2 * units] = 0
        network.bias_ih_l0[units : 2 * units] = torch.logit(torch.tensor(f))
    return network


@pytest.mark.parametrize("f", [0.5, 0.9])
def test_forget_gates_fixed_at_f_leave_f_to_the_k(f):
    network, inputs = gate_held_at(f), torch.randn(12, 3, dtype=torch.float64)
    found = recall(network, inputs, step=2)
    expected = f ** np.arange(10)
    for unit in range(4):
        np.testing.assert_allclose(found["own"][0, 0, :10, unit], expected, rtol=1e-6)
        np.testing.assert_allclose(found["whole"][0, 0, :10, unit], expected, rtol=1e-6)
    assert np.isnan(found["own"][0, 0, 10:]).all()
    trace = record(network, inputs[:, None])[""]
    np.testing.assert_allclose(found["half_life"], half_life(trace), rtol=1e-6)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_small_disturbance_goes_the_way_of_the_jacobian(kind):
    case = example(kind, batch=1)
    cell = case.network.cells[0][0]
    place = cell.state_names.index("cell") if "cell" in cell.state_names else 0
    first = sum(cell.state_sizes[:place])
    chosen = slice(first, first + cell.state_sizes[place])
    found = recall(case.network, case.inputs, step=1, size=1e-6)
    state = cell.initial_state(1)
    product = None
    for t, x in enumerate(case.inputs):

        def one_step(joined: torch.Tensor, x=x) -> torch.Tensor:
            parts = tuple(part[None] for part in joined.split(cell.state_sizes))
            return torch.cat(cell(x, parts).state, dim=-1)[0]

        if t > 1:
            start = torch.cat(state, dim=-1)[0].detach()
            step = torch.autograd.functional.jacobian(one_step, start).numpy()
            product = step if product is None else step @ product
            expected = product[chosen, chosen]
            values = found.isel(layer=0, direction=0, gap=t - 1)
            np.testing.assert_allclose(values["own"], np.diag(expected), rtol=1e-4, atol=1e-5)
            norms = np.linalg.norm(expected, axis=0)
            np.testing.assert_allclose(values["whole"], norms, rtol=1e-4, atol=1e-5)
        state = cell(x, state).state


def test_every_layer_and_direction_of_a_fused_float32_module():
    torch.manual_seed(0)
    network = nn.GRU(3, 4, num_layers=2, bidirectional=True)
    inputs = torch.randn(6, 1, 3)
    found = recall(network, inputs, step=4)
    assert found["own"].dims == ("layer", "direction", "gap", "unit")
    np.testing.assert_allclose(found["own"][:, :, 0], 1)
    forward, backward = found["own"].values[1, 0], found["own"].values[1, 1]
    assert np.isfinite(forward[:2]).all()
    assert np.isnan(forward[2:]).all()  # one step of text is left after step 4
    assert np.isfinite(backward[:5]).all()
    assert np.isnan(backward[5:]).all()


def test_half_life_is_inf_where_the_text_ends_before_half_is_lost():
    found = recall(gate_held_at(0.99), torch.randn(20, 3))
    assert np.isinf(found["half_life"]).all()


def test_a_disturbance_cannot_outgrow_the_largest_singular_value():
    case = example("gru", batch=1)
    found = recall(case.network, case.inputs, step=0, size=1e-6)["whole"][0, 0]
    largest = jacobian_spectrum(case.trace, case.network).isel(rank=0).sel(gap=6)
    assert float(found.sel(gap=6).max()) <= float(largest) + 1e-6


def test_what_cannot_be_read_is_refused():
    network = nn.GRU(3, 4)
    with pytest.raises(ValueError, match=r"inputs have shape \(5, 2, 3\)"):
        recall(network, torch.zeros(5, 2, 3))
    with pytest.raises(ValueError, match="step is 5"):
        recall(network, torch.zeros(5, 3), step=5)
    with pytest.raises(ValueError, match="size 0"):
        recall(network, torch.zeros(5, 3), size=0)
