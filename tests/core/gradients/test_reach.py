"""How far back units depend, against autograd and a network whose decay is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

from core import record
from core.gradients.reach import dependence, mean_reach
from core.networks import Recurrent
from tests.core.gradients.examples import example


@pytest.mark.parametrize("kind", ["elman", "gru", "gru-original", "lstm"])
def test_against_autograd(kind: str) -> None:
    case = example(kind, batch=1, steps=6)
    found = dependence(case.trace, case.network, gaps=3)
    cell = case.network.cells[0][0]
    first = sum(cell.state_sizes[:-1])  # the memory: the last part of the state
    states = [torch.cat(cell.initial_state(1), dim=-1)[0].detach()]

    def read(joined: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
        state = tuple(part[None] for part in joined.split(cell.state_sizes))
        for x in steps:
            state = cell(x, state).state
        return torch.cat(state, dim=-1)[0]

    for x in case.inputs:
        states.append(read(states[-1], x[None]).detach())
    for gap in (1, 2, 3):
        sizes = []
        for t in (4, 5, 6):  # the same later steps for every gap
            jacobian = torch.autograd.functional.jacobian(
                lambda s, t=t, gap=gap: read(s, case.inputs[t - gap : t]), states[t - gap]
            )
            sizes.append(jacobian[first:].norm(dim=-1).numpy())
        np.testing.assert_allclose(found.sel(gap=gap), np.mean(sizes, axis=0), atol=1e-12)


def test_a_gate_that_keeps_a_fixed_share_sets_the_distance() -> None:
    network = Recurrent("gru", 2, 3).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.cells[0][0].bias_ih[3:6] = torch.tensor(0.8, dtype=torch.float64).logit()
    inputs = torch.randn(30, 1, 2, dtype=torch.float64)
    (trace,) = record(network, inputs, parts=True).values()
    found = dependence(trace, network, gaps=20)
    for unit in range(3):
        np.testing.assert_allclose(found[:, unit], 0.8 ** np.arange(1, 21), rtol=1e-9)
    gaps = np.arange(1, 21)
    expected = (gaps * 0.8**gaps).sum() / (0.8**gaps).sum()
    np.testing.assert_allclose(mean_reach(found), expected, rtol=1e-9)


def test_a_unit_that_depends_on_nothing_has_no_distance() -> None:
    values = xr.DataArray([[0.0, 1.0], [0.0, 3.0]], {"gap": [1, 2]}, ("gap", "unit"))
    np.testing.assert_allclose(mean_reach(values), [np.nan, 1.75])


@pytest.mark.parametrize("gaps", [0, 7])
def test_gaps_that_do_not_fit_are_refused(gaps: int) -> None:
    torch.manual_seed(0)
    network = nn.GRU(2, 3)
    (trace,) = record(network, torch.randn(7, 1, 2), parts=True).values()
    with pytest.raises(ValueError, match=f"gaps is {gaps}; expected 1 to 6"):
        dependence(trace, network, gaps=gaps)
