"""Starts before training: Jacobians against autograd, and closed forms of kept matrices."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.gradients.start_spectrum import start_spectrum
from core.networks import Recurrent
from core.networks.starts import begin, starts_of


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_gradients_and_eigenvalues_are_autograds(cell: str) -> None:
    for start in starts_of(cell):
        found = start_spectrum(cell, start, units=3, inputs=2, steps=4, seeds=1)
        torch.manual_seed(0)
        network = Recurrent(cell, 2, 3).double()
        begin(network, start)
        read = torch.randn(4, 1, 2, dtype=torch.float64)
        step = network.cells[0][0]
        parts = len(step.state_names)

        def after(
            state: torch.Tensor,
            steps: range,
            step: torch.nn.Module = step,
            parts: int = parts,
            read: torch.Tensor = read,
        ) -> torch.Tensor:
            now = tuple(part[None] for part in state.split(len(state) // parts))
            for t in steps:
                now = step(read[t], now).state
            return torch.cat(now, dim=-1)[0]

        zero = torch.zeros(3 * parts, dtype=torch.float64)
        for k in range(5):
            before = after(zero, range(4 - k)).detach()
            jacobian = torch.autograd.functional.jacobian(
                lambda s, k=k, after=after: after(s, range(4 - k, 4)), before
            )
            size = float(jacobian.norm()) / len(jacobian) ** 0.5
            assert found.gradient[k] == pytest.approx(size, rel=1e-9)
            if k == 1:
                expected = np.sort(np.abs(torch.linalg.eigvals(jacobian).numpy()))
                np.testing.assert_allclose(np.sort(np.abs(found.eigenvalues)), expected, atol=1e-9)


def test_with_hardly_any_input_orthogonal_keeps_what_torch_loses() -> None:
    kept, lost = (
        start_spectrum("elman", start, steps=30, size=1e-6) for start in ("orthogonal", "torch")
    )
    np.testing.assert_allclose(np.abs(kept.eigenvalues), 1, atol=1e-6)
    np.testing.assert_allclose(kept.gradient, 1, atol=1e-6)
    assert lost.gradient[-1] < 1e-3


def test_chrono_carries_a_gradient_furthest() -> None:
    for cell in ("lstm", "gru"):
        left = {start: start_spectrum(cell, start).gradient[50] for start in starts_of(cell)}
        assert max(left, key=lambda start: left[start]) == "chrono"
