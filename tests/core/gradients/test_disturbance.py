"""What is left of a disturbance, against patched runs of the network and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.gradients import Patch, intervene, jacobian_spectrum
from core.gradients.disturbance import disturb
from tests.core.gradients.test_radius_sweep import UNITS, drawn, recorded


def test_every_row_is_a_patched_run() -> None:
    recurrent, drive, start = drawn(5)
    direction = torch.arange(1.0, UNITS + 1, dtype=torch.float64)
    found = disturb(recurrent, drive, start, size=0.3, direction=direction)
    network, trace = recorded(recurrent, drive, start, "tanh")
    step = 0.3 * direction / direction.norm()
    hidden = trace["hidden"].values[0, 0, :, 0]
    for k in (0, 4, len(drive) - 1):
        patch = Patch("hidden", (hidden[k] + step.numpy()).tolist(), steps=[k])
        inputs = (drive[:, None], start[None, None])
        after = intervene(network, inputs, patch).after.trace["hidden"].values[0, 0, :, 0]
        expected = np.linalg.norm(after - hidden, axis=1) / 0.3
        np.testing.assert_allclose(found.with_input[k, k:], expected[k:], atol=1e-10)
        assert torch.isnan(found.with_input[k, :k]).all()


def test_without_inputs_nothing_is_read_after_the_disturbance() -> None:
    recurrent, drive, start = drawn(6)
    silence = torch.full((UNITS,), 0.2, dtype=torch.float64)
    direction = torch.eye(UNITS, dtype=torch.float64)[2]
    found = disturb(recurrent, drive, start, size=0.1, direction=direction, silence=silence)
    k = 3
    quiet = torch.cat((drive[: k + 1], silence.expand(len(drive) - k - 1, -1)))
    rows = disturb(recurrent, quiet, start, size=0.1, direction=direction)
    np.testing.assert_allclose(found.without_input[k, k:], rows.with_input[k, k:], atol=1e-12)
    assert not torch.allclose(found.without_input[k, k + 1 :], found.with_input[k, k + 1 :])


def test_in_a_linear_network_the_inputs_play_no_part() -> None:
    """What is left of a disturbance is up to the matrix; what can be read back is not."""
    recurrent, drive, start = drawn(7)
    direction = torch.ones(UNITS, dtype=torch.float64)
    found = disturb(0.8 * recurrent, drive, start, activation="identity", direction=direction)
    kept = found.with_input[0]
    np.testing.assert_allclose(kept, found.without_input[0], rtol=1e-8)
    unit = direction / direction.norm()
    for gap in (1, 6, 13):
        power = torch.linalg.matrix_power(0.8 * recurrent, gap)
        assert float(kept[gap]) == pytest.approx(float((power @ unit).norm()), rel=1e-8)


def test_a_small_disturbance_stays_within_the_singular_values() -> None:
    recurrent, drive, start = drawn(8)
    found = disturb(1.3 * recurrent, drive, start, size=1e-6).with_input
    network, trace = recorded(1.3 * recurrent, drive, start, "tanh")
    singular = jacobian_spectrum(trace, network).values
    for gap in range(1, len(drive)):
        left = float(found[len(drive) - 1 - gap, -1])
        assert singular[gap, -1] * 0.999 <= left <= singular[gap, 0] * 1.001


def test_what_does_not_fit_is_refused() -> None:
    recurrent, drive, start = drawn()
    with pytest.raises(ValueError, match="a size other than 0"):
        disturb(recurrent, drive, start, size=0)
    with pytest.raises(ValueError, match=r"expected \(n, n\), \(T, n\)"):
        disturb(recurrent, drive[:, :2], start)
