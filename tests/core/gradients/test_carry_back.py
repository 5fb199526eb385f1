"""The two ways in which losses enter a layer, and the loop that carries them back."""

from __future__ import annotations

import pytest
import torch

from core.gradients.carry_back import AtEveryStep, AtOwnStep, carry_back, pieces_of
from core.gradients.runs import network_runs
from core.gradients.step_derivatives import differentiate
from tests.core.gradients.examples import example


@pytest.mark.parametrize("kind", ["lstm", "mgu"])
def test_a_loss_at_its_own_step_is_one_that_arrives_at_that_step_alone(kind):
    case = example(kind)
    run = network_runs(case.trace, case.network)[0][0]
    steps, own = differentiate(run), AtOwnStep(case.direct)
    arriving = torch.zeros(7, 2, 7, 4, dtype=torch.float64)
    for k in range(7):
        arriving[k, :, k] = case.direct[k]
    for triangular in (True, False):
        everywhere = AtEveryStep(arriving, triangular)
        pairs = zip(carry_back(steps, own, run), carry_back(steps, everywhere, run))
        for (k, _, found), (same, _, expected) in pairs:
            assert k == same
            for part, other in zip(found, expected):
                assert part.shape[1] == 7 - k
                rows = other[:, -part.shape[1] :]
                torch.testing.assert_close(part, rows, atol=1e-12, rtol=0)
                assert not other[:, : -part.shape[1]].any()


def test_pieces_are_the_directions_features():
    case = example("gru", bidirectional=True)
    run = network_runs(case.trace, case.network)[0][0]
    forward, backward = pieces_of(case.direct, run)
    torch.testing.assert_close(torch.cat((forward, backward), dim=-1), case.direct)
    with pytest.raises(ValueError, match=r"expected .* \(7, 2, 8\)"):
        pieces_of(forward, run)
